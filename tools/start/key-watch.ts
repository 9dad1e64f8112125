import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from 'ioredis';

const GONE_MS = 10_000;

/** The entries of a view that are stored now. */
export async function entryKeys(redis: Redis, view: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of redis.scanStream({ match: `e:${view}@*`, count: 1000 })) keys.push(...(page as string[]));
  return keys;
}

/** Asks for the key as fast as Redis answers, and resolves with the time at which it was first gone. */
export async function goneAt(redis: Redis, key: string): Promise<number> {
  const deadline = Date.now() + GONE_MS;
  while ((await redis.exists(key)) === 1) {
    if (Date.now() > deadline) throw new Error(`${key} was still there after ${GONE_MS / 1000} s`);
    await nextTurn();
  }
  return Date.now();
}
