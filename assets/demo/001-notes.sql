CREATE TABLE notes (id INTEGER PRIMARY KEY, collection TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL);
INSERT INTO notes (collection, title, text) VALUES
  ('default', 'Tea', 'Water first, then the leaves.'),
  ('default', 'Boats', 'The ferry to the far shore leaves at nine.');
