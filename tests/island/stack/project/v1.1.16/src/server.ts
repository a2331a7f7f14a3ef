import { readFileSync } from 'node:fs';
import http from 'node:http';
import { health } from './health.ts';
import { Database } from './postgres.ts';
import { routes, start } from './routes.ts';

const PORT = 3030;
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const database = new Database(process.env.POSTGRES_URL ?? 'postgresql://postgres@localhost/claude_context');

async function read(request) {
  let text = '';
  for await (const part of request) text += part;
  return text ? JSON.parse(text) : {};
}

async function answer(method, path, request) {
  if (method === 'GET' && path === '/version') return { status: 200, body: { version } };
  if (method === 'GET' && path === '/health') {
    const found = await health(database);
    const status = found.status === 'ok' ? 200 : 503;
    return { status, body: { ...found, timestamp: new Date().toISOString() } };
  }
  const route = routes.find(([m, p]) => m === method && p.test(path));
  if (!route) return { status: 404, body: { status: 'error', message: `no ${method} ${path} in ${version}` } };
  let body;
  try {
    body = await read(request);
  } catch (error) {
    return { status: 400, body: { status: 'error', message: error.message } };
  }
  const project = decodeURIComponent(route[1].exec(path)[1]);
  return route[2]({ database, project, body });
}

async function handle(request, response) {
  const begun = performance.now();
  const path = new URL(request.url, 'http://localhost').pathname;
  let result;
  try {
    result = await answer(request.method, path, request);
  } catch (error) {
    console.log(`[Server] ❌ ERROR ${request.method} ${path}: ${error.message}`);
    result = { status: 500, body: { status: 'error', message: error.message } };
  }
  response.writeHead(result.status, { 'content-type': 'application/json' }).end(JSON.stringify(result.body));
  const took = Math.round(performance.now() - begun);
  console.log(`${new Date().toISOString()} ${request.method} ${path} ${result.status} ${took}ms`);
}

const server = http.createServer(handle);
server.on('error', (error) => {
  console.log(`[Server] ❌ ERROR ${error.message}`);
  process.exit(1);
});
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    console.log(`[Server] ${signal}: finishes its requests`);
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}
await start({ database });
server.listen(PORT, '0.0.0.0', () => console.log(`[Server] 🚀 API Server listening on port ${PORT}`));
