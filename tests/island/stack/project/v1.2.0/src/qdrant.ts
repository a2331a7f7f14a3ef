const base = process.env.QDRANT_URL ?? 'http://localhost:6333';

async function ask(method, path, body = undefined) {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`Qdrant: ${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text).result;
}

/** Makes the collection where it is not there yet; empties it first where that is asked for. */
export async function prepare(collection, size, anew) {
  const path = `/collections/${collection}`;
  if (anew) await ask('DELETE', path);
  if (await ask('GET', path)) return;
  await ask('PUT', path, { vectors: { size, distance: 'Cosine' } });
}

/** Puts points in, and says how many there are then. */
export async function put(collection, points) {
  await ask('PUT', `/collections/${collection}/points?wait=true`, { points });
  return (await ask('GET', `/collections/${collection}`)).points_count;
}

/** What is nearest; nothing where the collection was removed. */
export async function search(collection, vector, limit) {
  const asked = { vector, limit, with_payload: true, score_threshold: 0.05 };
  return (await ask('POST', `/collections/${collection}/points/search`, asked)) ?? [];
}
