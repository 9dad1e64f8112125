import { type CacheKey, type Tag } from '@freshet/cache-keys';
import { type LeaseId } from '@freshet/cache-engine';
import { connectRedis, entryStoreOn } from '@freshet/redis-store';
import { type World } from './world.js';

/** What a reader at work leaves in the store. */
export async function leaseAt(world: World, key: CacheKey, tag: Tag): Promise<void> {
  const connection = connectRedis(world.environment('any').redis);
  await new Promise((ready) => connection.once('ready', ready));
  await entryStoreOn(connection).register({
    key,
    lease: 'lease' as LeaseId,
    take: true,
    beside: false,
    leaseMs: 60_000,
    epoch: 0,
    reads: [],
    tags: [tag],
    schemes: [],
    footprints: new Map(),
    memberSeconds: 60,
  });
  connection.disconnect();
}
