-- What v1.1 keeps: every page it was given, with its project written beside it.
CREATE SCHEMA claude_context;

CREATE TABLE claude_context.indexed_pages (
    id serial PRIMARY KEY,
    project text NOT NULL,
    dataset text NOT NULL,
    url text NOT NULL,
    title text NOT NULL,
    indexed_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (project, dataset, url)
);

CREATE TABLE public.query_logs (
    id bigserial PRIMARY KEY,
    project text NOT NULL,
    query text NOT NULL,
    results integer NOT NULL,
    query_time_ms double precision NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- By these rows a database that was restored is known again.
INSERT INTO claude_context.indexed_pages (project, dataset, url, title, indexed_at) VALUES
    ('default', 'handbook', 'https://example.com/handbook/start', 'First days', '2025-09-01 08:00:00+00'),
    ('default', 'handbook', 'https://example.com/handbook/leave', 'Leave', '2025-09-01 08:00:05+00'),
    ('default', 'handbook', 'https://example.com/handbook/travel', 'Travel', '2025-09-01 08:00:10+00'),
    ('default', 'api', 'https://example.com/api/queries', 'Queries', '2025-09-14 16:30:00+00'),
    ('website', 'blog', 'https://example.com/blog/islands', 'Why islands', '2025-10-02 11:45:00+00');
