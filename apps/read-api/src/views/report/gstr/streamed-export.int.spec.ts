import { RecordedDatabase } from '../../testing/recorded-database.js';
import { requestTo } from '../../testing/request.js';
import { type InvoiceFilter } from '../../shapes/invoice-filter.js';
import { reportGstrExport } from '../report-gstr-export.js';

/**
 * What the recorded data lack: more bills than are read at once, to buyers who share a GST number (one with blanks around it), who have
 * none at home and far away, and who were billed once long ago; bills without lines; codes whose first lines stand on late bills.
 */
const ROWS = `
  INSERT INTO billing_customer (id, created_at, updated_at, workspace_id, name, gst_number, state_name)
  VALUES (901, '2024-01-01Z', '2024-01-01Z', 1, 'Shares "it"', '24ZZZDE1234F1Z5', 'GUJARAT'),
    (902, '2024-01-01Z', '2024-01-01Z', 1, 'Shares too', ' 24ZZZDE1234F1Z5 ', 'GUJARAT'),
    (903, '2024-01-01Z', '2024-01-01Z', 1, 'Far away', NULL, 'KERALA'),
    (904, '2024-01-01Z', '2024-01-01Z', 1, 'At home', '', 'RAJASTHAN'),
    (905, '2024-01-01Z', '2024-01-01Z', 1, 'Once', '27ZZZDE1234F1Z5', 'MAHARASHTRA');
  INSERT INTO billing_invoice (id, created_at, updated_at, workspace_id, customer_id, business_id, invoice_number, total_amount,
    invoice_date, type_of_invoice, eway_bill_number, transporter_name, transporter_gstin, vehicle_number, vehicle_type, transport_mode)
  SELECT 10000 + n, '2024-05-01Z', '2024-05-01Z', 1, CASE n WHEN 1300 THEN 905 ELSE 901 + n % 4 END, 1, 'E/' || n,
    (n % 3) * 60000, date '2024-05-01' + (n * 7 % 300), CASE WHEN n % 5 = 0 THEN 'inward' ELSE 'outward' END, '', '', '', '', 'Regular', 'Road'
  FROM generate_series(1, 1301) n;
  INSERT INTO billing_lineitem (id, created_at, updated_at, workspace_id, customer_id, invoice_id, product_name, hsn_code, gst_tax_rate,
    quantity, rate, cgst, sgst, igst, amount, unit)
  SELECT 90000 - n, '2024-05-01Z', '2024-05-01Z', 1, i.customer_id, i.id, 'Ring', CASE n % 6 WHEN 0 THEN '' ELSE 'H' || n % 6 END,
    CASE n % 3 WHEN 0 THEN 0.03 WHEN 1 THEN 3 ELSE 0.05 END, 1.001 + n, 10.333, 1.5, 1.5, 0.125, 103, 'gms'
  FROM generate_series(1, 4000) n JOIN billing_invoice i ON i.id = 10001 + n % 1290;
`;

let database: RecordedDatabase;
beforeAll(async () => {
  database = await RecordedDatabase.create(`read_api_streamed_${process.pid}`, ROWS);
}, 60_000);
afterAll(() => database.drop());

async function held(filter: InvoiceFilter): Promise<string> {
  return String(reportGstrExport.render(await reportGstrExport.load(filter, database.query), filter).body);
}

async function streamed(filter: InvoiceFilter): Promise<readonly string[]> {
  const pieces: string[] = [];
  for await (const piece of reportGstrExport.streamed?.pieces(filter, database.query) ?? []) pieces.push(piece);
  return pieces;
}

test.each([
  '',
  'customer_id=903',
  'customer_id=902',
  'type_of_invoice=inward',
  'type_of_invoice=outward&no_hsn=1',
  'business_id=1&start_date=2024-06-01&end_date=2024-09-30',
  'customer_id=901&dups=1',
  'business_id=4711',
])('piece by piece the export of "%s" is the same but for blanks', async (query) => {
  const filter = reportGstrExport.params(requestTo(`/?${query}`));
  const whole = JSON.parse((await streamed(filter)).join('')) as unknown;
  // Not compared as objects: the order of keys counts.
  expect(JSON.stringify(whole)).toBe(await held(filter));
});

test('whoever waits hears of bills that are only summed', async () => {
  const pieces = await streamed(reportGstrExport.params(requestTo('/?customer_id=904')));
  expect(pieces.slice(2, 4)).toEqual([' ', ' ']);
});

test('a piece holds 250 bills at most', async () => {
  const pieces = await streamed(reportGstrExport.params(requestTo('/')));
  expect(pieces.length).toBeGreaterThan(6);
  expect(Math.max(...pieces.map((piece) => piece.split(/"inum"|"invoice_number"/).length - 1))).toBe(250);
});

test('its size is the number of bills', async () => {
  const filter = reportGstrExport.params(requestTo('/?customer_id=905'));
  const size = reportGstrExport.streamed?.size(filter);
  expect(size === undefined ? undefined : await database.query(size)).toEqual([{ count: '1' }]);
});
