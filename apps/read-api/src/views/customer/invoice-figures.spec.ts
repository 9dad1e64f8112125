import { invoiceFigures } from './invoice-figures.js';

test('purchases are counted but are no revenue', () => {
  const rows = [
    { type_of_invoice: 'inward', total: '500.000', invoices: '2' },
    { type_of_invoice: 'outward', total: '1030.125', invoices: '3' },
    { type_of_invoice: 'other', total: '7.000', invoices: '1' },
  ];
  expect(invoiceFigures(rows)).toEqual({ total_revenue: 1030.125, invoice_count: 6 });
});

test('a customer without invoices has zeros', () => {
  expect(invoiceFigures([])).toEqual({ total_revenue: 0, invoice_count: 0 });
});
