import { bucketOf, bucketSql, cutoffOf, daysLeft, urgentThrough } from './cutoff.js';

test('a bill may be claimed until 30 November after its financial year', () => {
  expect(cutoffOf(2024)).toBe('2025-11-30');
  expect(daysLeft(2024, '2025-11-30')).toBe(0);
  expect(daysLeft(2024, '2025-12-01')).toBe(-1);
  expect(daysLeft(2025, '2024-02-28')).toBe(1006);
});

test.each([
  [-1, 'expired'],
  [0, 'fresh'],
  [60, 'fresh'],
  [61, 'warning'],
  [180, 'warning'],
  [181, 'stale'],
])('%d days left are %s', (days, bucket) => {
  expect(bucketOf(days)).toBe(bucket);
});

test.each([
  ['2026-09-30', '2025-03-31'],
  ['2026-10-01', '2026-03-31'],
  ['2026-11-30', '2026-03-31'],
  ['2026-12-31', '2026-03-31'],
  ['2027-01-01', '2026-03-31'],
  ['2027-09-30', '2026-03-31'],
])('on %s the bills through %s are urgent', (today, through) => {
  expect(urgentThrough(today)).toBe(through);
  // The year that ends there is urgent, the next is not.
  const year = Number(through.slice(0, 4)) - 1;
  expect(['fresh', 'expired']).toContain(bucketOf(daysLeft(year, today)));
  expect(['fresh', 'expired']).not.toContain(bucketOf(daysLeft(year + 1, today)));
});

test.each([
  '2026-05-31',
  '2026-06-03',
  '2026-10-01',
  '2026-11-30',
  '2026-12-01',
  '2026-12-31',
  '2027-01-01',
  '2028-02-29',
])('on %s the days that bound the buckets agree with the days left', (today) => {
  const [expired, fresh, warning] = bucketSql(today).values as [string, string, string];
  for (let year = 2020; year < 2030; year += 1) {
    const day = `${year}-04-01`;
    const bucket = day <= expired ? 'expired' : day <= fresh ? 'fresh' : day <= warning ? 'warning' : 'stale';
    expect([year, bucket]).toEqual([year, bucketOf(daysLeft(year, today))]);
  }
});
