import { digest } from '@freshet/cache-keys';
import { type Client } from 'pg';
import { HttpPeer } from './peers/http-peer.js';
import { type SqlPeerInput } from './peers/http-servers.js';
import { nowMs } from './process-figures.js';
import { Samples } from './samples.js';
import { type Scene, WITHOUT_COPIES } from './scene.js';
import { type SentStatement, statementsOf } from './served-statements.js';

const AT_LEAST = 20;
/** Of a view whose statements take seconds three rounds are enough. */
const AT_LEAST_OF_SLOW = 3;
const SLOW_MS = 10_000;
/** The check of the account, where its entry has just expired. */
const LOGIN = /^SELECT is_(active|superuser) FROM auth_user/;

export interface Missed {
  readonly path: string;
  readonly statements: number;
  /** Loads that were not kept, because a transaction was applied before it was visible. */
  refused: number;
  readonly miss: Samples;
  readonly past: Samples;
  /** The same request to a process that has no cache. */
  readonly without: Samples;
  /** The same SQL behind a plain `node:http` server. */
  readonly plain: Samples;
  readonly alone: Samples;
}

/** The processes of the read API that misses are measured on: with the cache and without. */
export const WITH_AND_WITHOUT: readonly NodeJS.ProcessEnv[] = [WITHOUT_COPIES, { CACHE_ENABLED: 'false' }];

/** P9: beside nothing but the SQL. */
export const ratioToAlone = ({ miss, alone }: Missed): number => miss.p50 / alone.p50;
/** Beside what a request costs anybody who sends this SQL. */
export const ratioToPlain = ({ miss, plain }: Missed): number => miss.p50 / plain.p50;
/** What the cache costs where it does not help: beside the same service with its cache switched off. */
export const ratioToWithout = ({ miss, without }: Missed): number => miss.p50 / without.p50;

/** Misses of one path beside its statements alone, in turns, so that whatever else the machine does falls on all alike. */
export async function missesOf(
  scene: Scene,
  client: Client,
  { path, seconds }: { path: string; seconds: number },
): Promise<Missed> {
  await scene.warm(path);
  const statements = await statementsOf(scene, () => scene.get(path, { 'cache-control': 'no-cache' }));
  const own = statements.filter(({ text }) => !LOGIN.test(text));
  const key = await keyOf(scene, path);
  const measured = {
    path,
    statements: own.length,
    refused: 0,
    miss: new Samples(),
    past: new Samples(),
    without: new Samples(),
    plain: new Samples(),
    alone: new Samples(),
  };
  const input: SqlPeerInput = { databaseUrl: scene.stack.databaseUrl, statements: own };
  const plain = await HttpPeer.start('peer-sql', Buffer.from(JSON.stringify(input)));
  const began = nowMs();
  const enough = (): number => (nowMs() - began > SLOW_MS ? AT_LEAST_OF_SLOW : AT_LEAST);
  try {
    for (let i = 0; nowMs() < began + seconds * 1000 || i < enough(); i++) {
      await scene.redis.unlink(key);
      if (!(await timedMiss(scene, path, measured.miss))) measured.refused += 1;
      await timed(measured.past, () => scene.get(path, { 'cache-control': 'no-cache' }));
      await timed(measured.without, () => scene.get(path, {}, scene.readApis[1]));
      await timed(measured.plain, () => scene.get('', {}, plain));
      await timed(measured.alone, () => sendAll(client, own));
    }
  } finally {
    await plain.stop();
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
