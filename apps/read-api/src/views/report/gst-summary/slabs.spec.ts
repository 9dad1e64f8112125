import { exact } from '../exact.js';
import { wholeTax } from '../tax.js';
import { invoiceCounts, rateSlabs, slabOf, taxOfType } from './slabs.js';

const slab = (type_of_invoice: string, gst_tax_rate: string, bucket: string) =>
  slabOf({
    type_of_invoice,
    gst_tax_rate,
    bucket,
    hsn_code: '7113',
    quantity: '1.000',
    lines: '1',
    taxable: '100.100000',
    cgst: '1.500',
    sgst: '1.500',
    igst: '0.000',
    total: '103.100',
  });

test('buckets of one stored rate are added up; the same rate stored as percent stays apart', () => {
  const slabs = [
    slab('outward', '3.0000', 'fresh'),
    slab('outward', '0.0300', 'fresh'),
    slab('outward', '0.0300', 'stale'),
    slab('inward', '0.0300', 'stale'),
  ];
  const counts = invoiceCounts([
    { type_of_invoice: 'outward', gst_tax_rate: '3.0000', invoices: '1' },
    { type_of_invoice: 'outward', gst_tax_rate: '0.0300', invoices: '5' },
    { type_of_invoice: 'inward', gst_tax_rate: '0.0300', invoices: '9' },
  ]);
  expect(rateSlabs(slabs, 'outward', counts)).toEqual([
    { rate: 3, taxable: 200.2, cgst: 3, sgst: 3, igst: 0, total: 206.2, invoice_count: 5 },
    { rate: 3, taxable: 100.1, cgst: 1.5, sgst: 1.5, igst: 0, total: 103.1, invoice_count: 1 },
  ]);
});

test('rates are ordered as numbers', () => {
  const slabs = ['12.0000', '0.1800', '5.0000', '0.0000'].map((rate) => slab('outward', rate, 'fresh'));
  expect(rateSlabs(slabs, 'outward', () => 1).map(({ rate }) => rate)).toEqual([0, 18, 5, 12]);
});

test('tax counts one type only', () => {
  const slabs = [slab('outward', '0.0300', 'fresh'), slab('inward', '0.0300', 'fresh')];
  expect(wholeTax(taxOfType(slabs, 'inward'))).toBe(exact('3'));
});
