CREATE TABLE note_words (word TEXT NOT NULL, note INTEGER NOT NULL, PRIMARY KEY (word, note)) WITHOUT ROWID;
INSERT INTO note_words (word, note) VALUES
  ('tea', 1), ('water', 1), ('first', 1), ('then', 1), ('the', 1), ('leaves', 1),
  ('boats', 2), ('the', 2), ('ferry', 2), ('to', 2), ('far', 2), ('shore', 2), ('leaves', 2), ('at', 2), ('nine', 2);
