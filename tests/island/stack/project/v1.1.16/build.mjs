// Makes dist/ of src/. The only types there are `interface` blocks that begin and end at the first column; without them
// a file is JavaScript. --check parses what would be written, --lint looks at the form; both write nothing.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function compiled(source) {
  return source
    .replace(/^(export )?interface [^]*?^\}\n/gm, '')
    .replace(/^(import .*)\.ts';$/gm, "$1.js';");
}

function lint(name, source) {
  const found = source.split('\n').flatMap((line, at) => {
    const what = /\t/.test(line) ? 'a tab' : /\s$/.test(line) ? 'space at the end' : line.length > 120 && 'too long';
    return what ? [`src/${name}:${at + 1}: ${what}`] : [];
  });
  for (const line of found) console.error(line);
  return found.length === 0;
}

const mode = process.argv[2] ?? '--build';
const files = readdirSync('src').filter((name) => name.endsWith('.ts'));
const source = (name) => readFileSync(`src/${name}`, 'utf8');

if (mode === '--lint') {
  process.exitCode = files.filter((name) => !lint(name, source(name))).length ? 1 : 0;
} else {
  const out = mode === '--build' ? 'dist' : mkdtempSync(join(tmpdir(), 'check-'));
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  writeFileSync(`${out}/package.json`, '{ "type": "module" }\n');
  for (const name of files) {
    const file = `${out}/${name.replace(/\.ts$/, '.js')}`;
    writeFileSync(file, compiled(source(name)));
    if (mode === '--check' && spawnSync(process.execPath, ['--check', file], { stdio: 'inherit' }).status) {
      process.exitCode = 1;
    }
  }
  if (mode === '--build') console.log(`${files.length} files written to dist/`);
  else rmSync(out, { recursive: true });
}
