import { hsnSummary } from './hsn-summary.js';
import { slabOf } from './slabs.js';

const slab = (hsn_code: string, taxable: string, type_of_invoice = 'outward') =>
  slabOf({
    type_of_invoice,
    gst_tax_rate: '0.0300',
    bucket: 'fresh',
    hsn_code,
    taxable,
    cgst: '1.500',
    sgst: '1.500',
    igst: '0.125',
    total: '103.100',
    quantity: '2.001',
    lines: '4',
  });

test('types, rates and buckets of a code are added up, exactly', () => {
  expect(hsnSummary([slab('7113', '0.100000'), slab('7113', '0.200000', 'transfer')])).toEqual([
    { hsn_code: '7113', taxable: 0.3, cgst: 3, sgst: 3, igst: 0.25, total: 206.2, qty: 4.002, count: 8 },
  ]);
});

test('the largest come first; among equals the database has decided; no code is N/A', () => {
  const slabs = [slab('', '1.000000'), slab('b', '3.000000'), slab('B', '3.000000'), slab('c', '9.000000')];
  expect(hsnSummary(slabs).map(({ hsn_code }) => hsn_code)).toEqual(['c', 'b', 'B', 'N/A']);
});
