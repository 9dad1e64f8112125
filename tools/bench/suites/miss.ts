import { Client } from 'pg';
import { attemptEach } from '../answered.js';
import { missesOf, type Missed, ratioToAlone, ratioToPlain, ratioToWithout, WITH_AND_WITHOUT } from '../missed-view.js';
import { Scene } from '../scene.js';
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

/** P9: what a miss costs beside the same SQL sent by `pg` and nothing else. */
export const miss: Suite = {
  name: 'miss',
  summary: 'a miss of six views beside the same SQL through pg alone, in turns',
  run: (options) => Scene.play({ ...options, readApis: WITH_AND_WITHOUT }, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, { seconds, log }: BenchOptions): Promise<Report> {
  const client = new Client({ connectionString: scene.stack.databaseUrl });
  await client.connect();
  try {
    const { measured, missed } = await attemptEach('P9', PATHS, (path) => {
      log(path);
      return missesOf(scene, client, { path, seconds });
    });
    const made = report(measured);
    return { ...made, verdicts: [...made.verdicts, ...missed] };
  } finally {
    await client.end();
  }
}

function report(measured: readonly Missed[]): Report {
  const worst = measured.reduce((a, b) => (ratioToAlone(b) > ratioToAlone(a) ? b : a));
  return {
    tables: [
      {
        title: 'A miss, one at a time, p50 in ms (p99 in brackets)',
        columns: [
          'view',
          'statements',
          'miss and fill',
          'past the entry',
          'no cache',
          'plain service',
          'pg alone',
          '× pg alone',
          '× plain service',
          '× no cache',
          'ms the cache adds',
          'not kept',
        ],
        rows: measured.map((m) => [
          m.path,
          m.statements,
          `${m.miss.p50.toFixed(2)} (${m.miss.p99.toFixed(1)})`,
          `${m.past.p50.toFixed(2)} (${m.past.p99.toFixed(1)})`,
          `${m.without.p50.toFixed(2)} (${m.without.p99.toFixed(1)})`,
          `${m.plain.p50.toFixed(2)} (${m.plain.p99.toFixed(1)})`,
          `${m.alone.p50.toFixed(2)} (${m.alone.p99.toFixed(1)})`,
          ratioToAlone(m),
          ratioToPlain(m),
          ratioToWithout(m),
          m.miss.p50 - m.without.p50,
          m.refused,
        ]),
      },
    ],
    verdicts: [
      {
        id: 'P9',
        target: `a miss ≤ ${LIMIT} × the same SQL through pg alone, every view`,
        measured: `${ratioToAlone(worst).toFixed(2)} × (${worst.path})`,
        met: ratioToAlone(worst) <= LIMIT,
      },
    ],
    notes: [
      'The SQL is what PostgreSQL noted in its own log for one read of the view, with its values, sent again as prepared statements on one connection.',
      'The miss is a whole request: HTTP, token, account, lease, registration, transaction with snapshot, rendering, fill. pg alone does not render.',
      'No cache: the same request to a process with CACHE_ENABLED=false, which reads the account from the database each time. What the cache adds is the difference.',
      'Plain service: the same statements over a pool behind node:http, rows as JSON: no token, no account, no snapshot, no rendering.',
      'The same address misses again and again: from the third load on what a view asks in several steps is sent at once. A first load takes a round trip a step.',
      'A miss sends statements that need none of each other’s rows together; pg alone sends one after the other and waits for each.',
    ],
  };
}
