import { digest } from '@freshet/cache-keys';
import { type Client } from 'pg';
import { nowMs } from './process-figures.js';
import { Samples } from './samples.js';
import { type Scene } from './scene.js';
import { type SentStatement, statementsOf } from './served-statements.js';

const AT_LEAST = 20;
/** The check of the account, where its entry has just expired. */
const LOGIN = /^SELECT is_(active|superuser) FROM auth_user/;

export interface Missed {
  readonly path: string;
  readonly statements: number;
  /** Loads that were not kept, because a transaction was applied before it was visible. */
  refused: number;
  readonly miss: Samples;
  readonly past: Samples;
  readonly alone: Samples;
}

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
    alone: new Samples(),
  };
  const deadline = nowMs() + seconds * 1000;
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
