import sql, { type Sql } from 'sql-template-tag';

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
 * The last day whose bills have no more than so many days left. The cutoff comes once a year, so it is the end of the last financial
 * year or of the one before.
 */
function throughWith(days: number, today: string): string {
  const thisYear = Number(today.slice(0, 4));
  const year = daysLeft(thisYear - 1, today) <= days ? thisYear : thisYear - 1;
  return `${String(year).padStart(4, '0')}-03-31`;
}

/** The last day whose bills are urgent: fresh or expired. */
export function urgentThrough(today: string): string {
  return throughWith(FRESH_DAYS, today);
}

/** The bucket of an invoice (AS i). Compares dates alone, since it is worked out for every line. */
export function bucketSql(today: string): Sql {
  return sql`CASE WHEN i.invoice_date <= ${throughWith(-1, today)} THEN 'expired'
    WHEN i.invoice_date <= ${throughWith(FRESH_DAYS, today)} THEN 'fresh'
    WHEN i.invoice_date <= ${throughWith(WARNING_DAYS, today)} THEN 'warning' ELSE 'stale' END`;
}
