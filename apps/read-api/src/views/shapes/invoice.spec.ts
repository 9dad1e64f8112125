import { invoiceRowShape, isIgstApplicable } from './invoice.js';

const parties = (customer: string | null, business: string) => ({
  customer: { name: 'Meena', gst_number: customer },
  business: { name: 'Alpha', gst_number: business },
});

test.each([
  [null, '08A', null],
  ['', '08A', false],
  ['08B', '08A', false],
  ['27B', '08A', true],
  ['27B', '', true],
  ['0', '0', false],
])('customer %p and business %p: IGST %p', (customer, business, igst) => {
  expect(isIgstApplicable(parties(customer, business))).toBe(igst);
});

const row = {
  id: '7',
  invoice_number: '3',
  invoice_date: '2024-05-02',
  total_amount: '2060.500',
  type_of_invoice: 'outward',
  customer_id: '2',
  business_id: '1',
  created_at: '2024-05-02 10:00:00+00',
  updated_at: '2024-05-02 10:00:00.1+00',
};

test('a row of the list keeps decimals as text and microseconds in full', () => {
  const figures = { total_tax: '0.135', line_item_count: '2' };
  expect(invoiceRowShape(row, parties(null, ''), figures)).toMatchObject({
    id: 7,
    total_amount: '2060.500',
    total_tax: '0.14',
    line_item_count: 2,
    is_igst_applicable: null,
    created_at: '2024-05-02T10:00:00Z',
    updated_at: '2024-05-02T10:00:00.100000Z',
  });
});

test('an invoice without lines has no tax and no lines', () => {
  expect(invoiceRowShape(row, parties('', ''), undefined)).toMatchObject({ total_tax: '0.00', line_item_count: 0 });
});

test('a column that was not selected is a fault, not a gap in the answer', () => {
  const { id } = row;
  expect(() => invoiceRowShape({ id }, parties('', ''), undefined)).toThrow('invoice_number was not selected');
});
