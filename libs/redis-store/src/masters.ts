import { type Cluster, type Redis } from 'ioredis';

export function isCluster(redis: Redis | Cluster): redis is Cluster {
  return redis.isCluster;
}

/** The one server, or every master of a cluster that is known. */
export function mastersOf(redis: Redis | Cluster): readonly Redis[] {
  return isCluster(redis) ? redis.nodes('master') : [redis];
}

const KEYS_A_STEP = 1000;

/** Every key of a kind on every master, in pages. A key may come twice, and one that goes from one master to another may not come. */
export async function* scanPages(redis: Redis | Cluster, pattern: string): AsyncIterable<readonly string[]> {
  for (const master of mastersOf(redis)) {
    let cursor = '0';
    do {
      const [next, keys] = await master.scan(cursor, 'MATCH', pattern, 'COUNT', KEYS_A_STEP);
      if (keys.length > 0) yield keys;
      cursor = next;
    } while (cursor !== '0');
  }
}
