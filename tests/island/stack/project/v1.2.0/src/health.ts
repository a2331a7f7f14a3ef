interface Health {
  status: 'ok' | 'degraded';
  missing?: string[];
  reason?: string;
}

const TABLES = ['claude_context.projects', 'claude_context.datasets', 'claude_context.dataset_collections'];

/** The tables of this version that the database does not have. */
export async function missing(database) {
  const rows = await database.query(
    'SELECT name FROM unnest(string_to_array($1, $2)) name WHERE to_regclass(name) IS NULL',
    [TABLES.join(','), ','],
  );
  return rows.map((row) => row.name);
}

/** Whether requests can be answered now. */
export async function health(database) {
  try {
    const names = await missing(database);
    return names.length === 0 ? { status: 'ok' } : { status: 'degraded', missing: names };
  } catch (error) {
    return { status: 'degraded', reason: error.message };
  }
}
