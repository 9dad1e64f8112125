import { once } from 'node:events';
import { StoreUnavailable } from '@freshet/cache-engine';
import { type Cluster, type Redis } from 'ioredis';
import { mastersOf } from './masters.js';

/** What the steps need: scripts that may run while memory is full came with it. */
const LEAST_MAJOR = 7;

/** The server answers, and must not be used. Waiting does not mend it: its operator must. */
export class UnfitRedis extends StoreUnavailable {
  constructor(why: string) {
    super(why);
    this.message = why;
  }
}

/**
 * Under `allkeys-*` the server would evict the listings of entries, and an entry without its listing is stale for ever. Under
 * `volatile-*` and `noeviction` only what carries a TTL goes, and the index carries none.
 *
 * @throws UnfitRedis with one line that says what to do
 */
export async function checkRedis(redis: Redis | Cluster): Promise<void> {
  const [server, memory] = [await redis.info('server'), await redis.info('memory')];
  const version = /^redis_version:(\d+)\.(\S+)/m.exec(server);
  if (version !== null && Number(version[1]) < LEAST_MAJOR)
    throw new UnfitRedis(`Redis ${version[1]}.${version[2]} is too old: ${LEAST_MAJOR}.0 or newer is needed`);
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'unknown';
  if (policy.startsWith('allkeys-'))
    throw new UnfitRedis(
      `Redis evicts any key (maxmemory-policy ${policy}), also those that say what an entry depends on: set it to volatile-lru or noeviction`,
    );
}

/**
 * Waits for the first connection, but no longer than one may take: a server that is away may come later, and is checked then.
 *
 * @throws UnfitRedis
 */
export async function firstConnection(redis: Redis | Cluster, timeoutMs: number): Promise<void> {
  if (redis.status !== 'ready') {
    await once(redis, 'ready', { signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined);
  }
  if (redis.status !== 'ready') return;
  await Promise.all(mastersOf(redis).map(checkRedis)).catch((error: unknown) => {
    if (!(error instanceof UnfitRedis)) return;
    redis.disconnect();
    throw error;
  });
}
