import { covers, type FreshnessRule } from './freshness.js';
import { type CacheEntry, type Found } from './store.js';

/** Why a read goes past the cache. */
export type BypassDetail = 'disabled' | 'stale-log' | 'redis-down' | 'token' | 'no-cache' | 'uncacheable';

export type Decision =
  | { readonly kind: 'hit'; readonly entry: CacheEntry; readonly late: boolean }
  | { readonly kind: 'miss'; readonly epoch: number; readonly leased: boolean }
  | { readonly kind: 'bypass'; readonly detail: BypassDetail }
  | { readonly kind: 'fail' };

export interface Wish {
  readonly models: readonly string[];
  readonly token: bigint | undefined;
  readonly fresh: boolean;
  readonly freshness: FreshnessRule;
}

/** What to do with what was found. Pure: the whole policy of reading stands here. */
export function decide(found: Found, wish: Wish, staleness: number): Decision {
  if (switchedOff(found.disabled, wish.models)) return { kind: 'bypass', detail: 'disabled' };
  if (found.epoch === undefined) return { kind: 'bypass', detail: 'stale-log' };
  const late = staleness > wish.freshness.maxStalenessMs;
  if (late && wish.freshness.onStale === 'fail') return { kind: 'fail' };
  if (late && wish.freshness.onStale === 'bypass') return { kind: 'bypass', detail: 'stale-log' };
  if (wish.fresh) return { kind: 'bypass', detail: 'no-cache' };
  const entry = found.entry;
  if (entry === undefined || entry.epoch !== found.epoch) {
    return { kind: 'miss', epoch: found.epoch, leased: found.leased };
  }
  return covers(entry, found, wish.token) ? { kind: 'hit', entry, late } : { kind: 'bypass', detail: 'token' };
}

function switchedOff(disabled: readonly string[], models: readonly string[]): boolean {
  return disabled.length > 0 && (disabled.includes('*') || models.some((model) => disabled.includes(model)));
}
