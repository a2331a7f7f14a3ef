/** Knows projects and their datasets, and which collection is whose. */
export class ScopeManager {
  constructor(database) {
    this.database = database;
  }

  static collection(project, dataset) {
    return `project_${project}_dataset_${dataset}`.replace(/[^A-Za-z0-9_]/g, '_');
  }

  async one(text, values) {
    return (await this.database.query(text, values))[0];
  }

  /** The id of a dataset. Project and dataset are made where they are not there yet. */
  async dataset(project, dataset) {
    const { id: owner } = await this.one(
      `INSERT INTO claude_context.projects (name) VALUES ($1)
       ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id`,
      [project],
    );
    const { id } = await this.one(
      `INSERT INTO claude_context.datasets (project_id, name) VALUES ($1, $2)
       ON CONFLICT (project_id, name) DO UPDATE SET name = excluded.name RETURNING id`,
      [owner, dataset],
    );
    return id;
  }

  async counted(dataset, collection, points) {
    await this.database.query(
      `INSERT INTO claude_context.dataset_collections (dataset_id, collection_name, point_count) VALUES ($1, $2, $3)
       ON CONFLICT (collection_name) DO UPDATE SET point_count = excluded.point_count, updated_at = now()`,
      [dataset, collection, points],
    );
  }

  /** The collections of one project and of no other. */
  async collections(project) {
    const rows = await this.database.query(
      `SELECT c.collection_name FROM claude_context.dataset_collections c
       JOIN claude_context.datasets d ON d.id = c.dataset_id
       JOIN claude_context.projects p ON p.id = d.project_id WHERE p.name = $1`,
      [project],
    );
    return rows.map((row) => row.collection_name);
  }
}
