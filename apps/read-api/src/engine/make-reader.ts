import { Reader, RefreshOnChange, type ReaderPorts } from '@freshet/cache-engine';
import { type Settings } from '../settings.js';
import { type NearStore } from './near-store.js';

const READER = { leaseMs: 20_000, waitMs: 2000, pollMs: 5, jitterRatio: 0.1 };
/** So many times its load time before its end an entry is loaded anew, on average. */
const EARLY = 10;

/** The engine's reader as the settings want it. */
export function makeReader(ports: ReaderPorts, { cache }: Settings, near: NearStore): Pick<Reader, 'read'> {
  const { enabled, maxStalenessMs, onStale, refreshOnChange } = cache;
  const earlyRefresh = cache.earlyRefresh ? EARLY : 0;
  const reader = new Reader(ports, { ...READER, enabled, maxStalenessMs, onStale, earlyRefresh });
  if (!refreshOnChange) return reader;
  const refreshing = new RefreshOnChange(reader);
  near.onDeleted = (keys) => void refreshing.changed(keys);
  return refreshing;
}
