import { itcAging } from './aging.js';
import { slabOf } from './slabs.js';

const TODAY = '2025-11-23';
const bill = (id: string, invoice_date: string) => ({
  id,
  invoice_number: `B${id}`,
  invoice_date,
  total_amount: '100.500',
});
const slab = (bucket: string, type_of_invoice = 'inward') =>
  slabOf({
    type_of_invoice,
    gst_tax_rate: '0.0300',
    bucket,
    hsn_code: '7113',
    quantity: '1.000',
    lines: '1',
    taxable: '0',
    cgst: '1.000',
    sgst: '1.000',
    igst: '0.500',
    total: '0',
  });

const bills = {
  counts: [
    { bucket: 'stale', count: '4' },
    { bucket: 'fresh', count: '2' },
    { bucket: 'expired', count: '1' },
  ],
  urgent: [bill('9', '2025-03-31'), bill('8', '2024-04-01'), bill('5', '2024-03-31')],
  taxes: new Map([['9', { total_tax: '7.125' }]]),
};

test('a bucket has its bills and the tax of its purchases', () => {
  const { buckets } = itcAging(
    bills,
    [slab('fresh'), slab('expired'), slab('expired', 'outward'), slab('stale')],
    TODAY,
  );
  expect(buckets).toEqual({
    fresh: { label: '≤ 60 days to cutoff', count: 2, tax: 2.5 },
    warning: { label: '60–180 days', count: 0, tax: 0 },
    stale: { label: '180+ days (still claimable)', count: 4, tax: 2.5 },
    expired: { label: 'Past Sec 16(4) cutoff (forfeit)', count: 1, tax: 2.5 },
  });
});

test('urgent bills come by days left, those of one year as they came; without lines there is no tax', () => {
  const { urgent_invoices: urgent } = itcAging(bills, [], TODAY);
  expect(urgent.map(({ id, days_left, bucket, tax }) => [id, days_left, bucket, tax])).toEqual([
    [5, -358, 'expired', 0],
    [9, 7, 'fresh', 7.125],
    [8, 7, 'fresh', 0],
  ]);
  expect(urgent[1]).toEqual({
    id: 9,
    invoice_number: 'B9',
    invoice_date: '2025-03-31',
    total_amount: 100.5,
    tax: 7.125,
    cutoff: '2025-11-30',
    days_left: 7,
    bucket: 'fresh',
  });
});
