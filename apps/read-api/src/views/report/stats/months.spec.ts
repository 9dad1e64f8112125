import { monthly, months, taxDistribution, totals } from './months.js';

const invoices = (year: string, month: string, type_of_invoice: string, total: string, count: string) => ({
  year,
  month,
  type_of_invoice,
  total,
  count,
});
const lines = (year: string, month: string, type_of_invoice: string, cgst: string) => ({
  year,
  month,
  type_of_invoice,
  cgst,
  sgst: cgst,
  igst: '1.000',
});

const some = months(
  [
    invoices('2024', '12', 'outward', '100.100', '2'),
    invoices('2025', '1', 'inward', '30.000', '1'),
    invoices('2024', '12', 'inward', '40.000', '1'),
    invoices('2023', '12', 'returned', '9.000', '1'),
  ],
  [
    lines('2024', '12', 'outward', '5.000'),
    lines('2025', '1', 'inward', '2.000'),
    lines('2023', '12', 'returned', '3.000'),
  ],
);

test('a type that is neither counts as an invoice and nowhere else', () => {
  expect(totals(some)).toEqual({ outward: 100.1, inward: 70, net: 30.1, tax: 11, inward_tax: 5, count: 5 });
});

test('months come newest first, across years, also those with neither sales nor purchases', () => {
  expect(monthly(some).map(({ year, month }) => [year, month])).toEqual([
    [2025, 1],
    [2024, 12],
    [2023, 12],
  ]);
});

test('a month counts its own tax on sales only', () => {
  expect(monthly(some)).toMatchObject([
    { outward_total: 0, outward_count: 0, inward_total: 30, inward_count: 1, outward_tax: 0 },
    { outward_total: 100.1, outward_count: 2, inward_total: 40, inward_count: 1, outward_tax: 11 },
    { outward_total: 0, inward_total: 0, outward_count: 0, inward_count: 0, outward_tax: 0 },
  ]);
});

test('the distribution adds all types together', () => {
  expect(taxDistribution(some)).toEqual({ cgst: 10, sgst: 10, igst: 3 });
});

test('no invoices leave zeros and an empty list', () => {
  const none = months([], []);
  expect(totals(none)).toEqual({ outward: 0, inward: 0, net: 0, tax: 0, inward_tax: 0, count: 0 });
  expect(monthly(none)).toEqual([]);
  expect(taxDistribution(none)).toEqual({ cgst: 0, sgst: 0, igst: 0 });
});
