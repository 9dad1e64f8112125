import { type ChangeStore, type EntryStore } from '@freshet/cache-engine';
import { ClusterChangeStore } from './cluster-change-store.js';
import { ClusterEntryStore } from './cluster-entry-store.js';
import { ClusterLane } from './cluster-lane.js';
import { ClusterNodes } from './cluster-nodes.js';
import { ClusterReaper } from './cluster-reaper.js';
import { IndexReaper } from './index-reaper.js';
import { limited, type LimitOptions, unlimited } from './limits.js';
import { isCluster } from './masters.js';
import { RedisChangeStore } from './redis-change-store.js';
import { RedisControl } from './redis-control.js';
import { RedisEntryStore } from './redis-entry-store.js';
import { type StoreConnection } from './scripts.js';

/** The reader's side of the store, on whatever the connection leads to. */
export function entryStoreOn(redis: StoreConnection, limits?: LimitOptions): EntryStore {
  const limit = limits === undefined ? unlimited : limited(limits);
  return isCluster(redis)
    ? new ClusterEntryStore(new ClusterLane(new ClusterNodes(redis)), limit)
    : new RedisEntryStore(redis, limit);
}

/** The invalidator's side. */
export function changeStoreOn(redis: StoreConnection, options: { readonly nonce: () => string }): ChangeStore {
  if (!isCluster(redis)) return new RedisChangeStore(redis, options);
  const nodes = new ClusterNodes(redis);
  return new ClusterChangeStore(nodes, new RedisControl(redis, { ...options, runs: nodes }), redis);
}

export function reaperOn(redis: StoreConnection): Pick<IndexReaper, 'step'> {
  return isCluster(redis) ? new ClusterReaper(redis) : new IndexReaper(redis);
}
