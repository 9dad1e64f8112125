import { type CacheEntry, type Found } from './store.js';
import { parseSnapshot, sees } from './snapshot.js';

/** What the reader does when the log is further behind than allowed. */
export type OnStale = 'bypass' | 'serve' | 'fail';

export interface FreshnessRule {
  readonly maxStalenessMs: number;
  readonly onStale: OnStale;
}

/** More than what this host's idea of the database's clock can lag by drift. */
const AHEAD_MS = 1000;

/**
 * How far the applied log is behind the database, by the database's own clock; infinite where that is not known. A commit from the future
 * means that the clock was stepped: for as long as the step, a log that stands still would look fresh.
 */
export function stalenessMs(watermarkMs: number | undefined, databaseMs: number | undefined): number {
  if (watermarkMs === undefined || databaseMs === undefined) return Infinity;
  if (watermarkMs > databaseMs + AHEAD_MS) return Infinity;
  return Math.max(0, databaseMs - watermarkMs);
}

/** Whether a caller who named that transaction may have this entry. */
export function covers(entry: CacheEntry, found: Found, token: bigint | undefined): boolean {
  if (token === undefined || found.applied) return true;
  const snapshot = parseSnapshot(entry.snapshot);
  return snapshot !== undefined && sees(snapshot, token);
}
