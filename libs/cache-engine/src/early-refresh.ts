import { viewOfKey } from '@freshet/cache-keys';
import { type FillRequest } from './filling.js';
import { type Chance, type Clock, type EngineEvent } from './ports.js';
import { type CacheEntry } from './store.js';

export interface EarlyRefreshSettings {
  /** By how many times its load time an entry may be loaded anew before its end, on average; 0: never. */
  readonly earlyRefresh: number;
}

/**
 * Whether this read is the one that loads the entry anew, with a chance that rises towards its end (XFetch: "Optimal probabilistic cache
 * stampede prevention", 2015). One that should be gone already shows clocks that differ: nothing is known of its end then.
 */
export function dueEarly(leftMs: number, tookMs: number, factor: number, fraction: number): boolean {
  return leftMs > 0 && leftMs <= -Math.log(fraction) * Math.max(1, tookMs) * factor;
}

/** Knows how long views take to load, and so when an entry that is read should be loaded anew. */
export class EarlyRefresh {
  /** Views are few. */
  private readonly tookMs = new Map<string, number>();

  constructor(
    private readonly ports: { readonly clock: Pick<Clock, 'nowMs'>; readonly chance: Pick<Chance, 'fraction'> },
    private readonly settings: EarlyRefreshSettings,
  ) {}

  hear(event: EngineEvent): void {
    if (event.kind === 'load') this.tookMs.set(event.view, event.ms);
  }

  /** Of a view that this process has not loaded yet nothing is known: its entry ends as others do. */
  due({ key }: FillRequest, entry: CacheEntry): boolean {
    const { clock, chance } = this.ports;
    const factor = this.settings.earlyRefresh;
    if (factor === 0) return false;
    const tookMs = this.tookMs.get(viewOfKey(key) ?? '');
    const leftMs = entry.storedAtMs + entry.ttlSeconds * 1000 - clock.nowMs();
    return tookMs !== undefined && dueEarly(leftMs, tookMs, factor, chance.fraction());
  }
}
