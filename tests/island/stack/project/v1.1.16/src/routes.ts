interface Answer {
  status: number;
  body: unknown;
}

/** What is done before the first request. */
export async function start() {
  console.log('[Context] ✅ Context initialized');
}

async function query({ database, project, body }) {
  const begun = performance.now();
  const results = [];
  await database.query(
    'INSERT INTO query_logs (project, query, results, query_time_ms) VALUES ($1, $2, $3, $4)',
    [project, String(body.query ?? ''), results.length, performance.now() - begun],
  );
  return { status: 200, body: { results, totalResults: results.length } };
}

/** Method and path, and what answers it. The first group of the path is the project. */
export const routes = [['POST', /^\/projects\/([^/]+)\/query$/, query]];
