-- v1.2: every project is an island. Its datasets are its own, and each has a collection in Qdrant.
CREATE TABLE claude_context.projects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE claude_context.datasets (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    project_id uuid NOT NULL REFERENCES claude_context.projects (id) ON DELETE CASCADE,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (project_id, name)
);

CREATE TABLE claude_context.dataset_collections (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    dataset_id uuid NOT NULL REFERENCES claude_context.datasets (id) ON DELETE CASCADE,
    collection_name text NOT NULL UNIQUE,
    point_count bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO claude_context.projects (name)
    SELECT DISTINCT project FROM claude_context.indexed_pages ORDER BY project;

INSERT INTO claude_context.datasets (project_id, name)
    SELECT DISTINCT p.id, i.dataset
    FROM claude_context.indexed_pages i JOIN claude_context.projects p ON p.name = i.project;

-- Pages of before know their dataset now, and are found again once they are ingested anew.
ALTER TABLE claude_context.indexed_pages
    ADD COLUMN dataset_id uuid REFERENCES claude_context.datasets (id) ON DELETE SET NULL;

UPDATE claude_context.indexed_pages i SET dataset_id = d.id
    FROM claude_context.datasets d JOIN claude_context.projects p ON p.id = d.project_id
    WHERE p.name = i.project AND d.name = i.dataset;
