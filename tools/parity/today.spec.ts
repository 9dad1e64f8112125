import { type Expectation, type JsonObject } from './case.js';
import { asOf } from './today.js';

const labels = { fresh: { label: 'f' }, warning: { label: 'w' }, stale: { label: 's' }, expired: { label: 'e' } };
const summary = (aging: readonly (readonly [number, string, string, number, number])[]): Expectation => ({
  status: 200,
  body: { itc_aging: { buckets: labels, urgent_invoices: [] }, other: 1 },
  volatile_paths: ['/itc_aging'],
  clock: { aging },
});
const agingOn = (today: string, ...bills: readonly (readonly [number, string, string, number, number])[]) => {
  const dated = asOf(today, summary(bills), true);
  return (dated.body as JsonObject)['itc_aging'] as unknown as {
    buckets: Record<string, { count: number; tax: number }>;
    urgent_invoices: { id: number; days_left: number; cutoff: string }[];
  };
};

it.each([
  ['2025-06-03', 'warning', 180],
  ['2025-06-02', 'stale', 181],
  ['2025-06-04', 'warning', 179],
  ['2025-10-01', 'fresh', 60],
  ['2025-11-30', 'fresh', 0],
  ['2025-12-01', 'expired', -1],
])('on %s a bill of 2024-25 is %s', (today, bucket, daysLeft) => {
  const { buckets, urgent_invoices } = agingOn(today, [1, 'A', '2025-03-31', 100, 5]);
  expect(buckets[bucket]).toMatchObject({ count: 1, tax: 5 });
  const shown = bucket === 'fresh' || bucket === 'expired' ? [daysLeft] : [];
  expect(urgent_invoices.map((row) => row.days_left)).toEqual(shown);
});

it('the newest fifty are shown, most urgent first', () => {
  const old = Array.from({ length: 51 }, (_, i) => [i, 'B', '2020-04-01', 1, 1] as const);
  const { urgent_invoices } = agingOn('2025-11-30', ...old, [99, 'A', '2024-04-01', 1, 1]);
  expect([urgent_invoices.length, urgent_invoices[0]?.id, urgent_invoices.at(-1)?.id]).toEqual([50, 50, 99]);
});

it('the answer of the year that today falls in counts', () => {
  const dated: Expectation = {
    status: 200,
    body: {},
    clock: { by_year: { 2024: { next: 7 } } },
    volatile_paths: ['/next'],
  };
  expect(asOf('2025-03-31', dated, false)).toMatchObject({ body: { next: 7 }, volatile_paths: [] });
  expect(asOf('2025-04-01', dated, false)).toBe(dated);
});

it('without a fix bills of one day may change places, and a cut between them settles nothing', () => {
  const bills = Array.from({ length: 51 }, (_, i) => [i, 'B', '2020-04-01', 1, 1] as const);
  const dated = asOf('2025-11-30', summary(bills), false);
  expect(dated).toMatchObject({ order: 'any', volatile_paths: ['/itc_aging/urgent_invoices'] });
});
