import { digest } from '@freshet/cache-keys';
import { Client } from 'pg';
import { nowMs } from '../process-figures.js';
import { Samples } from '../samples.js';
import { Scene } from '../scene.js';
import { type SentStatement, statementsOf } from '../served-statements.js';
import { type BenchOptions, type Report, type Suite } from '../suite.js';

const PATHS = [
  '/api/businesses/',
  '/api/customers/?page_size=15',
  '/api/invoices/?page_size=15',
  '/api/invoices/1/',
  '/api/invoices/stats/',
  '/api/invoices/gst_summary/',
] as const;
const LIMIT = 1.5;
const AT_LEAST = 20;

interface Measured {
  readonly path: string;
  readonly statements: number;
  /** Loads that were not kept, because a transaction was applied before it was visible. */
  refused: number;
  readonly miss: Samples;
  readonly past: Samples;
  readonly alone: Samples;
}

/** P9: what a miss costs beside the same SQL sent by `pg` and nothing else. */
export const miss: Suite = {
  name: 'miss',
  summary: 'a miss of six views beside the same SQL through pg alone, in turns',
  run: (options) => Scene.play(options, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, { seconds, log }: BenchOptions): Promise<Report> {
  const client = new Client({ connectionString: scene.stack.databaseUrl });
  await client.connect();
  try {
    const measured: Measured[] = [];
    for (const path of PATHS) {
      log(path);
      measured.push(await measurePath(scene, client, { path, seconds }));
    }
    return report(measured);
  } finally {
    await client.end();
  }
}

async function measurePath(
  scene: Scene,
  client: Client,
  { path, seconds }: { path: string; seconds: number },
): Promise<Measured> {
  await scene.warm(path);
  const statements = await statementsOf(scene, () => scene.get(path, { 'cache-control': 'no-cache' }));
  const own = statements.filter(({ text }) => !text.includes('auth_user'));
  const key = await keyOf(scene, path);
  const measured = {
    path,
    statements: own.length,
    refused: 0,
    miss: new Samples(),
    past: new Samples(),
    alone: new Samples(),
  };
  const deadline = nowMs() + seconds * 1000;
  // In turns, so that whatever else the machine does falls on all alike.
  for (let i = 0; nowMs() < deadline || i < AT_LEAST; i++) {
    await scene.redis.unlink(key);
    if (!(await timedMiss(scene, path, measured.miss))) measured.refused += 1;
    await timed(measured.past, () => scene.get(path, { 'cache-control': 'no-cache' }));
    await timed(measured.alone, () => sendAll(client, own));
  }
  return measured;
}

/** Whether it was a miss that ended in a fill; anything else is not measured. */
async function timedMiss(scene: Scene, path: string, samples: Samples): Promise<boolean> {
  const began = nowMs();
  const { cache } = await scene.get(path);
  const stored = cache.startsWith('fwd=miss; stored');
  if (stored) samples.add(nowMs() - began);
  return stored;
}

async function sendAll(client: Client, statements: readonly SentStatement[]): Promise<void> {
  for (const { text, values } of statements) {
    await client.query({ name: digest(text), text, values: [...values] });
  }
}

async function timed(samples: Samples, work: () => Promise<unknown>): Promise<void> {
  const began = nowMs();
  await work();
  samples.add(nowMs() - began);
}

/** The one key that goes and comes with the path. */
async function keyOf(scene: Scene, path: string): Promise<string> {
  const entries = async (): Promise<string[]> =>
    (await scene.redis.keys('e:*')).filter((key) => !key.startsWith('e:auth.'));
  const all = await entries();
  if (all.length > 0) await scene.redis.unlink(...all);
  await scene.warm(path);
  const [key, ...more] = await entries();
  if (key === undefined || more.length > 0) throw new Error(`${path} has ${more.length + 1} entries`);
  return key;
}

function report(measured: readonly Measured[]): Report {
  const ratio = ({ miss: own, alone }: Measured): number => own.p50 / alone.p50;
  const worst = measured.reduce((a, b) => (ratio(b) > ratio(a) ? b : a));
  return {
    tables: [
      {
        title: 'A miss, one at a time, p50 in ms (p99 in brackets)',
        columns: [
          'view',
          'statements',
          'miss and fill',
          'past the entry',
          'pg alone',
          'ratio of the miss',
          'ms added',
          'not kept',
        ],
        rows: measured.map((m) => [
          m.path,
          m.statements,
          `${m.miss.p50.toFixed(2)} (${m.miss.p99.toFixed(1)})`,
          `${m.past.p50.toFixed(2)} (${m.past.p99.toFixed(1)})`,
          `${m.alone.p50.toFixed(2)} (${m.alone.p99.toFixed(1)})`,
          ratio(m),
          m.miss.p50 - m.alone.p50,
          m.refused,
        ]),
      },
    ],
    verdicts: [
      {
        id: 'P9',
        target: `a miss ≤ ${LIMIT} × the same SQL through pg alone, every view`,
        measured: `${ratio(worst).toFixed(2)} × (${worst.path})`,
        met: ratio(worst) <= LIMIT,
      },
    ],
    notes: [
      'The SQL is what PostgreSQL noted in its own log for one read of the view, with its values, sent again as prepared statements on one connection.',
      'The miss is a whole request: HTTP, token, account, lease, registration, transaction with snapshot, rendering, fill. pg alone does not render.',
      'A miss sends statements that need none of each other’s rows together; pg alone sends one after the other and waits for each.',
    ],
  };
}
