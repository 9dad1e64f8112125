import { type IncomingMessage, request } from 'node:http';
import { type Client } from 'pg';
import { nowMs } from '../process-figures.js';
import { Samples, spread } from '../samples.js';
import { Scene, WITHOUT_COPIES } from '../scene.js';
import { type BenchOptions, type Report, type Suite } from '../suite.js';

const READERS = 1000;
const PROCESSES = [WITHOUT_COPIES, WITHOUT_COPIES, WITHOUT_COPIES];
const ROUNDS = 5;
const PATH = '/api/invoices/stats/';
const LEASED = ['fwd=miss; stored', 'fwd=miss; detail=refused'];

interface Round {
  readonly loads: number;
  /** Answers that were loaded under a lease of their own, whether that load could be stored or was refused. */
  readonly leases: number;
  readonly seconds: number;
  readonly waits: Samples;
  readonly failures: number;
  /** What the answers say of the cache, and how many said it. */
  readonly told: ReadonlyMap<string, number>;
}

/** P7: a thousand readers find one entry missing at the same moment. */
export const stampede: Suite = {
  name: 'stampede',
  summary: '1 000 readers of one missing entry over three processes: loads counted by PostgreSQL itself',
  run: (options) => Scene.play({ ...options, readApis: PROCESSES }, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, { log }: BenchOptions): Promise<Report> {
  const counter = await scene.connect();
  try {
    await counter.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    // Accounts and plans are warm in every process; only the entry is missing.
    await Promise.all(scene.readApis.map(({ url }) => ask(url + PATH, scene.authorization)));
    const rounds: Round[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      log(`round ${i + 1}`);
      await scene.writer.query(
        'UPDATE billing_invoice SET total_amount = total_amount + 1 WHERE id = (SELECT min(id) FROM billing_invoice)',
      );
      await scene.applied();
      rounds.push(await play(scene, counter));
    }
    return report(rounds);
  } finally {
    await counter.end();
  }
}

async function play(scene: Scene, counter: Client): Promise<Round> {
  await counter.query('SELECT pg_stat_statements_reset()');
  const urls = scene.readApis.map(({ url }) => url + PATH);
  const waits = new Samples();
  const told = new Map<string, number>();
  let failures = 0;
  const began = nowMs();
  await Promise.all(
    Array.from({ length: READERS }, async (_, i) => {
      const sent = nowMs();
      const { status, cache } = await ask(urls[i % urls.length] ?? '', scene.authorization);
      waits.add(nowMs() - sent);
      if (status !== 200) failures += 1;
      told.set(cache, (told.get(cache) ?? 0) + 1);
    }),
  );
  const seconds = (nowMs() - began) / 1000;
  const leases = LEASED.reduce((sum, cache) => sum + (told.get(cache) ?? 0), 0);
  return { loads: await loadsOf(counter), leases, seconds, waits, failures, told };
}

/** A load sends each of its statements once, so the statement that was sent most often tells how many loads there were. */
async function loadsOf(counter: Client): Promise<number> {
  const { rows } = await counter.query<{ loads: string | null }>(
    `SELECT max(s.calls)::text AS loads FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
     WHERE r.rolname = 'reader' AND s.query LIKE '%billing_%'`,
  );
  return Number(rows[0]?.loads ?? 0);
}

function ask(url: string, authorization: string): Promise<{ status: number; cache: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { authorization }, agent: false }, (response) => {
      response.resume().once('end', () => resolve({ status: response.statusCode ?? 0, cache: toldBy(response) }));
    });
    sent.once('error', reject).end();
  });
}

/** How the cache answered, without what differs from answer to answer. */
function toldBy({ headers }: IncomingMessage): string {
  return String(headers['cache-status'] ?? 'nothing').replace(/^Freshet; |; ttl=\d+/g, '');
}

function report(rounds: readonly Round[]): Report {
  const most = Math.max(...rounds.map(({ loads, leases }) => loads / leases));
  return {
    tables: [
      {
        title: `${READERS} readers at once, ${PROCESSES.length} processes, ${PATH}`,
        columns: [
          'round',
          'loads',
          'leases',
          'loads if there were no leases',
          'failures',
          'all served after s',
          'p50 ms',
          'p90 ms',
          'p99 ms',
          'max ms',
        ],
        rows: rounds.map(({ loads, leases, failures, seconds, waits }, i) => [
          `${i + 1}`,
          loads,
          leases,
          READERS,
          failures,
          seconds,
          ...spread(waits, 0),
        ]),
      },
      {
        title: 'What the answers say of the cache',
        columns: ['round', 'answers'],
        rows: rounds.map(({ told }, i) => [
          `${i + 1}`,
          [...told].map(([cache, count]) => `${count} ${cache}`).join(', '),
        ]),
      },
    ],
    verdicts: [
      { id: 'P7', target: 'one load a key and lease', measured: `at most ${most} loads a lease`, met: most <= 1 },
    ],
    notes: [
      'The entry is deleted by a change that went the whole way, not by hand.',
      'Loads are calls in pg_stat_statements of the statement that was sent most often.',
      'Leases are counted by the answers that were loaded under one; a load that is refused gives up its lease, and whoever waits takes the next.',
    ],
  };
}
