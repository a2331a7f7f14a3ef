// A stand-in for Qdrant: the few requests that the deployed project and its runbook make, answered in Qdrant's form.
// It is not Qdrant: every search looks at every point, and the state is one file.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';

const storage = process.env.STORAGE ?? '/qdrant/storage';
const stateFile = `${storage}/state.json`;
const snapshots = `${storage}/snapshots`;

/** Collections by name: their configuration, and their points by id. */
let state = { operations: 0, collections: {} };

function load() {
  mkdirSync(snapshots, { recursive: true });
  try {
    state = JSON.parse(readFileSync(stateFile, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    save();
  }
}

function save() {
  state.operations += 1;
  writeFileSync(`${stateFile}.new`, JSON.stringify(state));
  renameSync(`${stateFile}.new`, stateFile);
}

/** What a request is answered with that can't be done. */
class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function collection(name) {
  const found = state.collections[name];
  if (!found) throw new Refused(404, `Not found: Collection \`${name}\` doesn't exist!`);
  return found;
}

function cosine(a, b) {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i += 1) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa && bb ? dot / Math.sqrt(aa * bb) : 0;
}

function create(name, { vectors } = {}) {
  if (!vectors?.size) throw new Refused(400, 'Wrong input: vectors.size is missing');
  if (state.collections[name]) throw new Refused(409, `Wrong input: Collection \`${name}\` already exists!`);
  state.collections[name] = { vectors, points: {} };
  save();
  return true;
}

function remove(name) {
  const was = name in state.collections;
  delete state.collections[name];
  save();
  return was;
}

function describe(name) {
  const { vectors, points } = collection(name);
  const count = Object.keys(points).length;
  return { status: 'green', points_count: count, vectors_count: count, config: { params: { vectors } } };
}

function upsert(name, { points = [] } = {}) {
  const { vectors, points: stored } = collection(name);
  for (const { id, vector } of points) {
    if (vector?.length === vectors.size) continue;
    throw new Refused(400, `Wrong input: Vector of point ${id} has not ${vectors.size} dimensions`);
  }
  for (const { id, vector, payload } of points) stored[id] = { vector, payload };
  save();
  return { operation_id: state.operations, status: 'completed' };
}

function search(name, { vector = [], limit = 10, score_threshold: least = -1 } = {}) {
  return Object.entries(collection(name).points)
    .map(([id, point]) => ({ id, version: 0, score: cosine(vector, point.vector), payload: point.payload }))
    .filter((hit) => hit.score >= least)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}

function scroll(name, { limit = 10 } = {}) {
  const points = Object.entries(collection(name).points).slice(0, limit);
  return { points: points.map(([id, { payload }]) => ({ id, payload })), next_page_offset: null };
}

function snapshot(name) {
  const { size, mtime } = statSync(`${snapshots}/${name}`);
  return { name, creation_time: mtime.toISOString().slice(0, 19), size };
}

function takeSnapshot() {
  const name = `full-snapshot-${new Date().toISOString().replace(/[:.]/g, '-')}.snapshot`;
  copyFileSync(stateFile, `${snapshots}/${name}`);
  return snapshot(name);
}

/** Method and path, and what is done: with the name in the path, and the body. */
const requests = [
  ['GET', /^\/collections$/, () => ({ collections: Object.keys(state.collections).map((name) => ({ name })) })],
  ['GET', /^\/collections\/([^/]+)$/, describe],
  ['PUT', /^\/collections\/([^/]+)$/, create],
  ['DELETE', /^\/collections\/([^/]+)$/, remove],
  ['PUT', /^\/collections\/([^/]+)\/points$/, upsert],
  ['POST', /^\/collections\/([^/]+)\/points\/search$/, search],
  ['POST', /^\/collections\/([^/]+)\/points\/scroll$/, scroll],
  ['POST', /^\/snapshots$/, takeSnapshot],
  ['GET', /^\/snapshots$/, () => readdirSync(snapshots).map(snapshot)],
];

const texts = {
  '/': JSON.stringify({ title: 'stand-in for Qdrant, of the tests of gonogo', version: '0.0.0' }),
  '/healthz': 'healthz check passed',
  '/livez': 'livez check passed',
  '/readyz': 'all shards are ready',
};

async function answer(request, response) {
  const begun = process.hrtime.bigint();
  const { pathname } = new URL(request.url, 'http://qdrant');
  let body = '';
  for await (const part of request) body += part;
  const text = request.method === 'GET' ? texts[pathname] : undefined;
  if (text) return void response.end(text);
  const found = requests.find(([method, path]) => method === request.method && path.test(pathname));
  // As Qdrant does with a path it does not know, /health among them.
  if (!found) return void response.writeHead(404).end();
  const time = () => Number(process.hrtime.bigint() - begun) / 1e9;
  const reply = (status, content) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  };
  try {
    const name = found[1].exec(pathname)[1];
    const given = body ? JSON.parse(body) : undefined;
    const result = name === undefined ? found[2](given) : found[2](decodeURIComponent(name), given);
    reply(200, { result, status: 'ok', time: time() });
  } catch (error) {
    reply(error.status ?? 400, { status: { error: error.message }, time: time() });
  }
}

load();
const server = http.createServer(answer).listen(6333, () => {
  console.log('stand-in for Qdrant listens on port 6333');
});
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}
