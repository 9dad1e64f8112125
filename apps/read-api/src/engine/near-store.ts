import { type EntryStore } from '@freshet/cache-engine';
import { connectRedis, followNews, NearCache } from '@freshet/redis-store';
import { type Settings } from '../settings.js';

/** The store that reads go through: copies in this process in front of Redis, unless `NEAR_CACHE_BYTES` is 0. */
export class NearStore {
  readonly store: EntryStore;
  private readonly near: NearCache | undefined;
  private readonly subscriber: ReturnType<typeof connectRedis> | undefined;

  constructor(store: EntryStore, { near: { maxBytes }, redis }: Settings) {
    if (maxBytes === 0) {
      this.store = store;
      return;
    }
    this.near = new NearCache(store, { maxBytes, nowMs: () => performance.now(), wallMs: Date.now });
    this.store = this.near;
    this.subscriber = connectRedis(redis);
    followNews(this.subscriber, this.near);
  }

  /** Undefined without copies. */
  get figures(): NearCache['figures'] | undefined {
    return this.near?.figures;
  }

  stop(): void {
    this.subscriber?.disconnect();
  }
}
