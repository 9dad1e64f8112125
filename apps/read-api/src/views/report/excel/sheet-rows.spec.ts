import { type ExcelRange } from './excel-range.js';
import { type Row, SheetRows } from './sheet-rows.js';
import { type SoldLine, soldLineOf } from './sold-line.js';

const business = { name: 'Alpha Jewels', gstNumber: '08X' };
const range = { from: '2024-05-01', to: '2024-06-30', type: 'both' };
const sold = (columns: Record<string, string> = {}) =>
  soldLineOf({
    type_of_invoice: 'outward',
    invoice_number: 'A/1',
    invoice_date: '2024-05-02',
    customer_name: 'Anil',
    gst_number: null,
    product_name: 'Gold Ring',
    hsn_code: '711319',
    gst_tax_rate: '0.0300',
    quantity: '1.500',
    rate: '100.000',
    taxable: '150.000000',
    cgst: '2.250',
    sgst: '2.250',
    igst: '0.000',
    amount: '154.500',
    unit: 'gms',
    ...columns,
  });
const labels = (rows: readonly Row[]) => rows.map((row) => row[5] ?? null);

/** The lines come one by one, as if each were the last of its FETCH. */
function sheetRows(lines: readonly SoldLine[], asked: ExcelRange = range): readonly Row[] {
  const sheet = new SheetRows(business, asked);
  return [...lines.flatMap((line) => sheet.rowsOf([line])), ...sheet.rest()];
}

test('a line in the columns of the header', () => {
  const rows = sheetRows([sold()]);
  expect(rows.slice(5, 8)).toEqual([
    [
      ...['S.No.', 'Bill No.', 'Invoice Date', 'Party Name', 'GST Number', 'Commodity', 'HSN Code', 'GST Rate'],
      ...['Quantity', 'Rate', 'Taxable Value', 'CGST', 'SGST', 'IGST', 'Total Invoice Value'],
    ],
    [
      ...[1, 'A/1', '2/5/2024', 'Anil', null, 'Gold Ring', '711319', '3.0000%', '1.500 gms', '100.000 / gms'],
      ...[150, 2.25, 2.25, 0, 154.5],
    ],
    [null, null, null, null, null, 'Grand Total', null, null, null, null, 150, 2.25, 2.25, 0, 154.5],
  ]);
});

test('each month has its sales, then its purchases; kinds without lines are left out', () => {
  const lines = [
    sold({ invoice_date: '2024-05-31' }),
    sold({ invoice_date: '2024-05-30', type_of_invoice: 'inward' }),
    sold({ invoice_date: '2024-06-01' }),
    sold({ invoice_date: '2024-06-02' }),
  ];
  const rows = sheetRows(lines);
  expect(labels(rows).filter((label) => label !== 'Gold Ring' && label !== 'Commodity')).toEqual([
    ...['Alpha Jewels', 'Outward Supply', 'Month: May 2024', 'GSTIN: 08X', null, 'Grand Total'],
    ...['Alpha Jewels', 'Inward Supply', 'Month: May 2024', 'GSTIN: 08X', null, 'Grand Total'],
    ...['Alpha Jewels', 'Outward Supply', 'Month: June 2024', 'GSTIN: 08X', null, 'Grand Total'],
    null,
    'Aggregated Outward Supply (May 2024 to June-2024)',
    'Aggregated Inward Supply (May 2024 to June-2024)',
    null,
    'NET (OUTWARD − INWARD) (May 2024 to June-2024)',
    null,
  ]);
  expect(rows.map(([number]) => number).filter((number) => typeof number === 'number')).toEqual([1, 1, 1, 2]);
  expect(rows.at(-2)?.slice(10)).toEqual([300, 4.5, 4.5, 0, 309]);
});

test('one kind alone has no net', () => {
  const last = (type: string) => labels(sheetRows([sold({ type_of_invoice: type })], { ...range, type })).slice(-2);
  expect(last('inward')).toEqual(['Grand Total', 'Aggregated Inward Supply (May 2024 to June-2024)']);
  expect(last('outward')).toEqual([null, 'Aggregated Outward Supply (May 2024 to June-2024)']);
});

test('a kind whose taxable value comes to nothing has no sum', () => {
  expect(labels(sheetRows([sold({ taxable: '0.000000' })])).at(-1)).toBe('Grand Total');
});

test('lines that come together make the same rows', () => {
  const lines = [sold(), sold(), sold({ type_of_invoice: 'inward' }), sold({ invoice_date: '2024-06-01' })];
  const sheet = new SheetRows(business, range);
  expect([...sheet.rowsOf(lines), ...sheet.rest()]).toEqual(sheetRows(lines));
});

test('without lines there are no rows', () => {
  expect(sheetRows([])).toEqual([]);
});
