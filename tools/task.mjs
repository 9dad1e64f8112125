// node tools/task.mjs <task> [arguments]: what the npm scripts call. Installs the packages first when they are missing, so that every
// command works on a fresh clone.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(resolve(dirname(fileURLToPath(import.meta.url)), '..'));

const tasks = {
  start: 'tools/start/start.ts',
  stop: 'tools/start/stop.ts',
  demo: 'tools/start/demo.ts',
  stack: 'tools/stack/up.ts',
  'stack-stop': 'tools/stack/down.ts',
  check: 'tools/check/check.ts',
  conformance: 'tools/conformance/run.ts',
  parity: 'tools/parity/run.ts',
  faults: 'tools/faults/run.ts',
  flows: 'tools/flows/run.ts',
  bench: 'tools/bench/run.ts',
};

const [name, ...args] = process.argv.slice(2);
const entry = tasks[name];
if (entry === undefined) {
  console.error(`unknown task "${name}"; one of: ${Object.keys(tasks).join(', ')}`);
  process.exit(2);
}
if (!existsSync('node_modules/.package-lock.json')) {
  console.error('installing packages (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--no-progress'], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
process.argv = [process.argv[0], process.argv[1], entry, ...args];
await import('./run.mjs');
