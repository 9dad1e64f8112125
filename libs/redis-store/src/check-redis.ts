import { type Redis } from 'ioredis';

/** What the steps need: scripts that may run while memory is full came with it. */
const LEAST_MAJOR = 7;

/**
 * Why this server must not be used; undefined when it may be. Under `allkeys-*` it would evict the listings of entries, and an entry
 * without its listing is stale for ever. Under `volatile-*` and `noeviction` only what carries a TTL goes, and the index carries none.
 */
export async function checkRedis(redis: Redis): Promise<string | undefined> {
  const [server, memory] = [await redis.info('server'), await redis.info('memory')];
  const version = /^redis_version:(\d+)\.(\S+)/m.exec(server);
  if (version !== null && Number(version[1]) < LEAST_MAJOR)
    return `Redis ${version[1]}.${version[2]} is too old: ${LEAST_MAJOR}.0 or newer is needed`;
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'unknown';
  if (policy.startsWith('allkeys-'))
    return `Redis evicts any key (maxmemory-policy ${policy}), also those that say what an entry depends on: set it to volatile-lru or noeviction`;
  return undefined;
}
