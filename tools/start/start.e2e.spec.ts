import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PART_NAMES } from '../stack/part.js';
import { startStack } from '../stack/stack.js';
import { runningParts, stopParts } from './running-parts.js';

const MINUTES = 60_000;
const place = { dir: join(tmpdir(), `freshet-start-${process.pid}`), portsFrom: 18_432 };
const env = { ...process.env, FRESHET_STACK_DIR: place.dir, FRESHET_STACK_PORTS_FROM: String(place.portsFrom) };

afterAll(async () => {
  await stopParts(place.dir);
  await rm(place.dir, { recursive: true });
}, MINUTES);

interface Finished {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

function command(...args: string[]): {
  child: ChildProcess;
  finished: Promise<Finished>;
  said: (words: string) => Promise<void>;
} {
  const child = spawn(process.execPath, ['tools/task.mjs', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const said = (words: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => output.includes(words) && resolve();
      child.stdout.on('data', look);
      child.once('exit', () => reject(new Error(`ended without saying "${words}": ${errors}`)));
      look();
    });
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const finished = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    lines: output.trimEnd().split('\n'),
    errors,
  }));
  return { child, finished, said };
}

test(
  'Ctrl-C ends the services that npm start began, and leaves the stack that ran before',
  async () => {
    await startStack(place);
    const { child, finished, said } = command('start');
    await said('Ctrl-C stops everything');
    expect(runningParts(place.dir)).toEqual(new Set(['read-api', 'invalidator', ...PART_NAMES]));
    child.kill('SIGINT');
    expect(await finished).toMatchObject({ code: 0 });
    expect(runningParts(place.dir)).toEqual(new Set(PART_NAMES));
  },
  5 * MINUTES,
);

test(
  'a detached start ends with one line for scripts, and what it names answers',
  async () => {
    const { code, lines } = await command('start', '--detach', '--json').finished;
    expect(code).toBe(0);
    const told = JSON.parse(lines.at(-1) ?? '') as Record<string, string>;
    expect(Object.keys(told)).toEqual([
      'readApi',
      'invalidator',
      'database',
      'redis',
      'kafka',
      'authorization',
      'adminToken',
    ]);
    const { readApi = '', invalidator = '', authorization = '' } = told;
    const list = await fetch(`${readApi}/api/invoices/?page_size=1`, { headers: { Authorization: authorization } });
    expect([list.status, ((await list.json()) as { count: number }).count]).toEqual([200, 400]);
    expect((await fetch(`${invalidator}/ready`)).status).toBe(200);
  },
  3 * MINUTES,
);

test(
  'the demo comes out, every time',
  async () => {
    for (const run of [1, 2]) {
      const { code, lines, errors } = await command('demo').finished;
      expect([run, code, errors, lines.at(-1)]).toEqual([run, 0, expect.anything(), 'every step came out']);
    }
  },
  3 * MINUTES,
);

test(
  'npm stop ends everything',
  async () => {
    expect(await command('stop').finished).toMatchObject({ code: 0 });
    expect(runningParts(place.dir)).toEqual(new Set());
  },
  2 * MINUTES,
);
