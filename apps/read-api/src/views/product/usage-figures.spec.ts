import { usageFigures } from './usage-figures.js';

test('only sales are revenue and quantity; lines of all types are usage', () => {
  const rows = [
    { type_of_invoice: 'inward', amount: '500.000', quantity: '9.000', lines: '2' },
    { type_of_invoice: 'outward', amount: '1030.000', quantity: '1.250', lines: '3' },
  ];
  expect(usageFigures(rows)).toEqual({ total_revenue: 1030, qty_sold: 1.25, usage_count: 5 });
});

test('a product that was never billed has zeros', () => {
  expect(usageFigures([])).toEqual({ total_revenue: 0, qty_sold: 0, usage_count: 0 });
});
