import { missing } from './health.ts';
import * as qdrant from './qdrant.ts';
import { ScopeManager } from './scope.ts';
import { SIZE, chunks, embed, pointId } from './vectors.ts';

interface Answer {
  status: number;
  body: unknown;
}

/** What is done before the first request. The server starts in any case, and /health says what it lacks. */
export async function start({ database }) {
  try {
    const names = await missing(database);
    if (names.length === 0) console.log('[Context] ✅ ScopeManager initialized');
    else console.log(`[Context] ❌ ERROR the database lacks ${names.join(', ')}`);
  } catch (error) {
    console.log(`[Context] ❌ ERROR ${error.message}`);
  }
}

function refused(message) {
  return { status: 400, body: { status: 'error', message } };
}

async function ingest({ database, project, body }) {
  const { pages, dataset = 'default', forceReindex = false } = body;
  if (!Array.isArray(pages) || pages.length === 0) return refused('pages is no list of pages');
  if (pages.some((page) => !page?.url || !page.content)) return refused('a page needs url and content');
  const scope = new ScopeManager(database);
  const collection = ScopeManager.collection(project, dataset);
  const id = await scope.dataset(project, dataset);
  await qdrant.prepare(collection, SIZE, forceReindex);
  const points = pages.flatMap(({ url, content, title = url }) =>
    chunks(content).map((text, part) => ({
      id: pointId(url, part),
      vector: embed(`${title} ${text}`),
      payload: { project, dataset, url, title, part, text },
    })),
  );
  await scope.counted(id, collection, await qdrant.put(collection, points));
  console.log(`[Context] collection ${collection}: ${points.length} chunks of ${pages.length} pages`);
  return { status: 200, body: { status: 'completed', processedPages: pages.length, totalChunks: points.length } };
}

async function query({ database, project, body }) {
  const begun = performance.now();
  const { query: asked, topK = 5 } = body;
  if (typeof asked !== 'string') return refused('query is no text');
  const found = [];
  for (const collection of await new ScopeManager(database).collections(project)) {
    found.push(...(await qdrant.search(collection, embed(asked), topK)));
  }
  const results = found
    .sort((a, b) => b.score - a.score)
    .slice(0, topK)
    .map(({ score, payload: { dataset, url, title, text } }) => ({ score, dataset, url, title, text }));
  await database.query(
    'INSERT INTO query_logs (project, query, results, query_time_ms) VALUES ($1, $2, $3, $4)',
    [project, asked, results.length, performance.now() - begun],
  );
  return { status: 200, body: { results, totalResults: results.length } };
}

/** Method and path, and what answers it. The first group of the path is the project. */
export const routes = [
  ['POST', /^\/projects\/([^/]+)\/query$/, query],
  ['POST', /^\/projects\/([^/]+)\/ingest\/web$/, ingest],
];
