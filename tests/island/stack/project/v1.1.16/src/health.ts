interface Health {
  status: 'ok' | 'degraded';
  reason?: string;
}

/** Whether requests can be answered now. */
export async function health(database) {
  try {
    await database.query('SELECT 1');
    return { status: 'ok' };
  } catch (error) {
    return { status: 'degraded', reason: error.message };
  }
}
