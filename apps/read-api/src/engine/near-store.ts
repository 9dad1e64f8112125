import { type EntryStore, type News } from '@freshet/cache-engine';
import { type CacheKey } from '@freshet/cache-keys';
import { connectForNews, followNews, NearCache } from '@freshet/redis-store';
import { type Settings } from '../settings.js';

/** The store that reads go through: copies in this process in front of Redis, unless `NEAR_CACHE_BYTES` is 0. */
export class NearStore {
  readonly store: EntryStore;
  /** Told which entries were deleted, once no copy of them is left here. */
  onDeleted: (keys: readonly CacheKey[]) => void = () => undefined;
  private readonly near: NearCache | undefined;
  private readonly subscriber: ReturnType<typeof connectForNews> | undefined;

  constructor(store: EntryStore, { near: { maxBytes }, cache, redis }: Settings) {
    if (maxBytes > 0) this.near = new NearCache(store, { maxBytes, nowMs: () => performance.now(), wallMs: Date.now });
    this.store = this.near ?? store;
    if (this.near === undefined && !cache.refreshOnChange) return;
    this.subscriber = connectForNews(redis);
    followNews(this.subscriber, this);
  }

  connected(): void {
    this.near?.connected();
  }

  broke(): void {
    this.near?.broke();
  }

  hear(news: News): void {
    this.near?.hear(news);
    if (news.kind === 'delete') this.onDeleted(news.keys);
  }

  /** Undefined without copies. */
  get figures(): NearCache['figures'] | undefined {
    return this.near?.figures;
  }

  stop(): void {
    this.subscriber?.disconnect();
  }
}
