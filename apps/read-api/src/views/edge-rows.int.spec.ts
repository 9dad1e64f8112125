import { type View } from '../view.js';
import { auditList } from './audit/audit-list.js';
import { businessList } from './business/business-list.js';
import { invoiceAllIds } from './invoice/invoice-all-ids.js';
import { invoiceList } from './invoice/invoice-list.js';
import { invoiceNextNumber } from './invoice/invoice-next-number.js';
import { invoiceSummary } from './invoice/invoice-summary.js';
import { ledgerGet } from './ledger/ledger-get.js';
import { noMedia } from './shapes/signature.js';
import { RecordedDatabase } from './testing/recorded-database.js';
import { requestTo } from './testing/request.js';
import { viewAnswer } from './testing/view-answer.js';

/** Rows that the recorded data lack: two of everything at one moment, a third word for a type, a number longer than 64 bits. */
const ROWS = `
  INSERT INTO billing_business (id, created_at, updated_at, workspace_id, name, address, gst_number, mobile_number, invoice_prefix,
    primary_color_theme)
  SELECT id, '2024-01-01Z', '2024-01-01Z', 1, 'Edge ' || id, '', '', '', '', '#d04e00' FROM generate_series(901, 902) id;
  INSERT INTO billing_customer (id, created_at, updated_at, workspace_id, name)
  VALUES (901, '2024-01-01Z', '2024-01-01Z', 1, 'Edge customer');
  INSERT INTO billing_invoice (id, created_at, updated_at, workspace_id, customer_id, business_id, invoice_number, total_amount, invoice_date,
    type_of_invoice, eway_bill_number, transporter_name, transporter_gstin, vehicle_number, vehicle_type, transport_mode)
  SELECT id, '2024-05-01 10:00Z', '2024-05-01 10:00Z', 1, 901, 901, number, 100, '2024-05-01', type, '', '', '', '', 'Regular', 'Road'
  FROM (VALUES (901, 'AB/2024-25/7', 'outward'), (902, '92233720368547758070 ', 'outward'), (903, 'P1778291284', 'outward'),
    (904, '1', 'inward'), (905, '1', 'inward'), (906, '2', 'transfer')) AS v (id, number, type);
  INSERT INTO billing_auditlog (id, action, entity, entity_id, entity_name, details, "timestamp")
  SELECT id, 'created', 'edge', 1, '', '', '2024-05-01 10:00Z' FROM generate_series(901, 903) id;
`;

let database: RecordedDatabase;

beforeAll(async () => {
  database = await RecordedDatabase.create(`read_api_edge_${process.pid}`, ROWS);
}, 60_000);
afterAll(() => database.drop());

async function bodyOf(view: View, address: string, path: Readonly<Record<string, string>> = {}): Promise<unknown> {
  return (await viewAnswer(view, requestTo(address, { path }), database.query)).body;
}
async function idsOf(view: View, address: string): Promise<readonly number[]> {
  const { results } = (await bodyOf(view, address)) as { results: readonly { id: number }[] };
  return results.map(({ id }) => id);
}

test('invoices of one moment are listed by id, the latest first, and from the least where a key was named', async () => {
  const latestFirst = [906, 905, 904, 903, 902, 901];
  expect(await idsOf(invoiceList, '/?business_id=901')).toEqual(latestFirst);
  expect(await bodyOf(invoiceAllIds, '/?business_id=901')).toEqual({ ids: latestFirst, count: 6 });
  expect(await idsOf(invoiceList, '/?business_id=901&ordering=-total_amount')).toEqual(latestFirst.toReversed());
});

test('pages of tied rows neither repeat nor lose one', async () => {
  const seen: number[] = [];
  for (const page of [1, 2, 3]) seen.push(...(await idsOf(invoiceList, `/?business_id=901&page_size=2&page=${page}`)));
  expect(seen).toEqual([906, 905, 904, 903, 902, 901]);
});

test('audit rows of one moment are listed by id, the latest first', async () => {
  expect(await idsOf(auditList, '/?entity=edge')).toEqual([903, 902, 901]);
});

test('a duplicate counts only among the rows that the filter leaves', async () => {
  expect(await idsOf(invoiceList, '/?business_id=901&dups=1')).toEqual([905, 904]);
  expect(await idsOf(invoiceList, '/?business_id=901&dups=1&type_of_invoice=outward')).toEqual([]);
});

test('purchases are all that is not outward', async () => {
  expect(await bodyOf(businessList(noMedia), '/?search=Edge 901')).toMatchObject({
    results: [{ id: 901, customer_count: 0, total_revenue: 300, total_purchases: 300, invoice_count: 6 }],
  });
});

test('the next number may be longer than 64 bits, and a latest number of another shape gives no letters', async () => {
  const ask = '/?business_id=901&invoice_date=2024-06-01';
  expect(await bodyOf(invoiceNextNumber, ask)).toEqual({ next_invoice_number: '92233720368547758071' });
  expect(await bodyOf(invoiceNextNumber, `${ask}&type_of_invoice=`)).toEqual({ next_invoice_number: '1' });
});

test('a business without a ledger row has zeros, and a number that is no business is named in full', async () => {
  expect(await bodyOf(ledgerGet, '/', { business_id: '902' })).toEqual({
    id: null,
    business: 902,
    opening_cgst: '0.00',
    opening_sgst: '0.00',
    opening_igst: '0.00',
    opening_as_of: null,
    created_at: null,
    updated_at: null,
  });
  expect(await bodyOf(ledgerGet, '/', { business_id: '099999999999999999999' })).toEqual({
    error: 'Business 99999999999999999999 not found',
  });
});

test('a summary without lines has no sums', async () => {
  expect(await bodyOf(invoiceSummary, '/', { id: '901' })).toMatchObject({
    total_items: 0,
    total_tax: null,
    round_off: '-0',
    total_amount: '0.00',
  });
});

test('terms of a search may be met by different fields', async () => {
  expect(await idsOf(invoiceList, '/?search=ab/2024-25/7, "EDGE customer" edge')).toEqual([901]);
  expect(await idsOf(invoiceList, '/?search=edge nowhere')).toEqual([]);
});
