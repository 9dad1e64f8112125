import { type CacheEntry, type Found } from './store.js';
import { parseSnapshot, sees } from './snapshot.js';

/** What the reader does when the log is further behind than allowed. */
export type OnStale = 'bypass' | 'serve' | 'fail';

export interface FreshnessRule {
  readonly maxStalenessMs: number;
  readonly onStale: OnStale;
}

/** How far the applied log is behind the database, by the database's own clock; infinite where that is not known. */
export function stalenessMs(watermarkMs: number | undefined, databaseMs: number | undefined): number {
  if (watermarkMs === undefined || databaseMs === undefined) return Infinity;
  return Math.max(0, databaseMs - watermarkMs);
}

/** Whether a caller who named that transaction may have this entry. */
export function covers(entry: CacheEntry, found: Found, token: bigint | undefined): boolean {
  if (token === undefined || found.applied) return true;
  const snapshot = parseSnapshot(entry.snapshot);
  return snapshot !== undefined && sees(snapshot, token);
}
