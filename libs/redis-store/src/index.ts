export { type BreakerOptions, withBreaker } from './breaker.js';
export { checkRedis, firstConnection, UnfitRedis } from './check-redis.js';
export { connectRedis, type ConnectOptions, type RedisAccess } from './connect.js';
export { followNews } from './follow-news.js';
export { IndexReaper } from './index-reaper.js';
export { NearCache, type NearCacheOptions } from './near-cache.js';
export { RedisChangeStore } from './redis-change-store.js';
export { RedisEntryStore } from './redis-entry-store.js';
export { type ScriptedRedis } from './scripts.js';
