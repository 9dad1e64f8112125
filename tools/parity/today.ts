import { type Clock, type Expectation, type JsonObject } from './case.js';

const AGING = '/itc_aging/urgent_invoices';
const MOST_URGENT = 50;
const DAY_MS = 86_400_000;

/** The expectation with every place that depends on the date worked out for `today`. Those places then count like any other. */
export function asOf(today: string, expected: Expectation, tiesSettled: boolean): Expectation {
  const { clock, body } = expected;
  if (!clock || typeof body !== 'object' || body === null) return expected;
  const ofYear = clock.by_year?.[String(financialYear(today))];
  const dated = ofYear === undefined ? expected : { ...expected, body: ofYear, volatile_paths: [] };
  return clock.aging === undefined ? dated : aged(today, dated, clock.aging, tiesSettled);
}

/** Bills of one day may change places in the original; a fix may settle that. */
function aged(
  today: string,
  expected: Expectation,
  bills: NonNullable<Clock['aging']>,
  tiesSettled: boolean,
): Expectation {
  const body = expected.body as JsonObject;
  const { aging, cutInTie } = agingOf(bills, today, (body['itc_aging'] as JsonObject)['buckets'] as JsonObject);
  const open = tiesSettled
    ? {}
    : { order: 'any' as const, order_paths: [...(expected.order ? (expected.order_paths ?? []) : []), AGING] };
  return {
    ...expected,
    body: { ...body, itc_aging: aging },
    volatile_paths: cutInTie && !tiesSettled ? [AGING] : [],
    ...open,
  };
}

function agingOf(
  bills: NonNullable<Clock['aging']>,
  today: string,
  recorded: JsonObject,
): { aging: JsonObject; cutInTie: boolean } {
  const newestFirst = [...bills].sort((a, b) => (a[2] === b[2] ? b[0] - a[0] : a[2] < b[2] ? 1 : -1));
  const rows = newestFirst.map((bill) => agedBill(bill, today));
  const buckets = Object.entries(recorded).map(([name, bucket]) => {
    const members = rows.filter((row) => row.bucket === name);
    const tax = members.reduce((sum, row) => sum + row.tax, 0);
    return [name, { label: (bucket as JsonObject)['label'] ?? null, count: members.length, tax }] as const;
  });
  const urgent = rows.filter(({ bucket }) => bucket === 'fresh' || bucket === 'expired');
  const shown = urgent.slice(0, MOST_URGENT).sort((a, b) => a.days_left - b.days_left);
  const last = urgent[MOST_URGENT - 1];
  return {
    aging: { buckets: Object.fromEntries(buckets), urgent_invoices: shown },
    cutInTie: last !== undefined && last.invoice_date === urgent[MOST_URGENT]?.invoice_date,
  };
}

function agedBill(bill: NonNullable<Clock['aging']>[number], today: string) {
  const [id, invoice_number, invoice_date, total_amount, tax] = bill;
  const cutoff = `${financialYear(invoice_date) + 1}-11-30`;
  const days_left = Math.round((Date.parse(cutoff) - Date.parse(today)) / DAY_MS);
  return { id, invoice_number, invoice_date, total_amount, tax, cutoff, days_left, bucket: bucketOf(days_left) };
}

function bucketOf(daysLeft: number): string {
  if (daysLeft < 0) return 'expired';
  return daysLeft <= 60 ? 'fresh' : daysLeft <= 180 ? 'warning' : 'stale';
}

function financialYear(day: string): number {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return month >= 4 ? year : year - 1;
}
