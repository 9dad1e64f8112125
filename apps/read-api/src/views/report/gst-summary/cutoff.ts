const DAY_MS = 86_400_000;

/** Until when a bill may be claimed: 30 November after its financial year. @param year in which that year begins */
export function cutoffOf(year: number): string {
  return `${String(year + 1).padStart(4, '0')}-11-30`;
}

export function daysLeft(year: number, today: string): number {
  return Math.round((Date.parse(cutoffOf(year)) - Date.parse(today)) / DAY_MS);
}

export type Bucket = 'fresh' | 'warning' | 'stale' | 'expired';

/** Within so many days a bill is urgent. */
const FRESH_DAYS = 60;
const WARNING_DAYS = 180;

export function bucketOf(days: number): Bucket {
  if (days < 0) return 'expired';
  if (days <= FRESH_DAYS) return 'fresh';
  return days <= WARNING_DAYS ? 'warning' : 'stale';
}

/**
 * The last day whose bills are urgent today (`fresh` or `expired`). The cutoff comes once a year, so it is the end of the last
 * financial year but one, and from October on of the last one.
 */
export function urgentThrough(today: string): string {
  const thisYear = Number(today.slice(0, 4));
  const near = daysLeft(thisYear - 1, today) <= FRESH_DAYS;
  return `${String(near ? thisYear : thisYear - 1).padStart(4, '0')}-03-31`;
}
