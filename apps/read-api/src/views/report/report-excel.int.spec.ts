import ExcelJS from 'exceljs';
import { RecordedDatabase } from '../testing/recorded-database.js';
import { requestTo } from '../testing/request.js';
import { reportExcel } from './report-excel.js';

/**
 * More invoices than are read at once, in a month of two kinds; two dozens of one day and number, whose lines were made in turn; and a
 * text that XML does not take as it is.
 */
const ROWS = `
  INSERT INTO billing_customer (id, created_at, updated_at, workspace_id, name, gst_number)
  VALUES (901, '2024-01-01Z', '2024-01-01Z', 1, E'<Tom & "Jerry">\\nécole', NULL);
  INSERT INTO billing_invoice (id, created_at, updated_at, workspace_id, customer_id, business_id, invoice_number, total_amount,
    invoice_date, type_of_invoice, eway_bill_number, transporter_name, transporter_gstin, vehicle_number, vehicle_type, transport_mode)
  SELECT 10000 + n, '2024-05-01Z', '2024-05-01Z', 1, 901, 1, CASE n % 31 WHEN 7 THEN '' ELSE 'E/' || n END, 0, date '2021-05-01' + n % 31,
    CASE WHEN n % 3 = 0 THEN 'inward' ELSE 'outward' END, '', '', '', '', 'Regular', 'Road'
  FROM generate_series(1, 700) n;
  INSERT INTO billing_lineitem (id, created_at, updated_at, workspace_id, customer_id, invoice_id, product_name, hsn_code, gst_tax_rate,
    quantity, rate, cgst, sgst, igst, amount, unit)
  SELECT 90000 + n, '2024-05-01Z', '2024-05-01Z', 1, 901, 10001 + n % 700, 'Ring ' || n, '71', 0.03, 2, 10.005, 1, 2, 0, 23.01, 'gms'
  FROM generate_series(1, 1400) n;
`;

// A busy machine takes its time over whole workbooks.
jest.setTimeout(30_000);

let database: RecordedDatabase;
beforeAll(async () => {
  database = await RecordedDatabase.create(`read_api_excel_${process.pid}`, ROWS);
}, 60_000);
afterAll(() => database.drop());

const ask = (body: unknown) => reportExcel(body, requestTo('/api/reports/generate/'));

async function bookOf(body: unknown, query = database.query): Promise<ExcelJS.Workbook> {
  const pieces: Uint8Array[] = [];
  for await (const piece of ask(body).pieces(query)) pieces.push(Buffer.from(piece));
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(Uint8Array.from(Buffer.concat(pieces)).buffer);
  return book;
}

async function sheetsOf(body: unknown): Promise<ReadonlyMap<string, readonly unknown[][]>> {
  const { worksheets } = await bookOf(body);
  return new Map(
    worksheets.map((sheet) => [
      sheet.name,
      // Excel counts columns from 1.
      Array.from(sheet.getSheetValues() as unknown[][], (row) => Array.from(row ?? []).slice(1)).slice(1),
    ]),
  );
}

async function count(sql: string): Promise<number> {
  const [row] = await database.query({ name: 'count', text: sql, values: [] });
  return Number(row?.['count']);
}

const YEAR = { start_date: '2025-04-01', end_date: '2026-03-31' };
const MANY = { start_date: '2021-05-01', end_date: '2021-05-31' };

test.each([YEAR, MANY])('every business has a sheet, and every line of %j a row', async (range) => {
  const sheets = await sheetsOf(range);
  expect(sheets.size).toBe(await count('SELECT count(*) FROM billing_business'));
  const rows = [...sheets.values()].flat().filter(([number]) => typeof number === 'number');
  expect(rows).toHaveLength(
    await count(`SELECT count(*) FROM billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id
      WHERE i.invoice_date BETWEEN '${range.start_date}' AND '${range.end_date}' AND i.type_of_invoice IN ('outward', 'inward')`),
  );
});

test('the net of a sheet is its sales less its purchases', async () => {
  for (const [name, rows] of await sheetsOf(YEAR)) {
    const sum = (label: string): readonly number[] => {
      const row = rows.find((cells) => typeof cells[5] === 'string' && cells[5].startsWith(label));
      return (row?.slice(10) as number[] | undefined) ?? [0, 0, 0, 0, 0];
    };
    const [outward, inward, net] = [sum('Aggregated Outward'), sum('Aggregated Inward'), sum('NET')];
    net.forEach((value, index) => {
      expect([name, value]).toEqual([name, expect.closeTo((outward[index] ?? 0) - (inward[index] ?? 0), 5)]);
    });
  }
});

test('sales come before purchases, by day and number, numbered from 1, and each table has its total', async () => {
  const [rows = []] = (await sheetsOf(MANY)).values();
  const title = (label: string): number => rows.findIndex((cells) => cells[5] === label);
  const sales = rows.slice(title('Outward Supply') + 5, title('Grand Total'));
  expect(title('Outward Supply')).toBeLessThan(title('Inward Supply'));
  expect(sales.map(([number]) => number)).toEqual(sales.map((_, index) => index + 1));
  // A ring is numbered as its line was made.
  const keys = sales.map(([, number, day, , , ring]) =>
    [String(day).padStart(9, '0'), number ?? '', String(ring).padStart(9)].map(String).join(' '),
  );
  expect(keys).toEqual([...keys].sort());
  const total = rows[title('Grand Total')]?.slice(10) as number[];
  [20.01, 1, 2, 0, 23.01].forEach((one, index) => expect(total[index]).toBeCloseTo(one * sales.length, 5));
});

test('only what is asked for is shown', async () => {
  const labels = async (invoice_type: string) =>
    [...(await sheetsOf({ ...MANY, invoice_type })).values()].flat().map((cells) => cells[5]);
  expect(await labels('inward')).not.toContain('Outward Supply');
  expect(await labels('outward')).not.toContain('Inward Supply');
  expect(await labels('sales')).toEqual([]);
});

test('any text is shown as it is', async () => {
  const [rows = []] = (await sheetsOf(MANY)).values();
  expect(rows.find(([number]) => number === 1)?.[3]).toBe('<Tom & "Jerry">\nécole');
});

test('the file is named after its period', () => {
  expect(ask({ start_date: '2024-05-01', end_date: '2024-05-31' })).toMatchObject({
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    headers: {
      'content-disposition': `attachment; filename="invoices_May 2024.xlsx"; filename*=UTF-8''invoices_May 2024.xlsx`,
    },
  });
});

test('a range that ends before it begins leaves sheets without rows', async () => {
  const sheets = await sheetsOf({ start_date: '2025-04-01', end_date: '2025-03-01' });
  expect([...sheets.values()].flat()).toEqual([]);
});

test('without businesses there is one empty sheet', async () => {
  const { worksheets } = await bookOf(YEAR, () => Promise.resolve([]));
  expect(worksheets.map(({ name }) => name)).toEqual(['Sheet']);
});
