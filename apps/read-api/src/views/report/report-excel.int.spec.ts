import ExcelJS from 'exceljs';
import { RecordedDatabase } from '../testing/recorded-database.js';
import { requestTo } from '../testing/request.js';
import { reportExcel } from './report-excel.js';

let database: RecordedDatabase;
beforeAll(async () => {
  database = await RecordedDatabase.create(`read_api_excel_${process.pid}`);
}, 60_000);
afterAll(() => database.drop());

const make = (body: unknown) => reportExcel(body, requestTo('/api/reports/generate/'), database.query);

async function sheetsOf(body: unknown): Promise<ReadonlyMap<string, readonly unknown[][]>> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(Uint8Array.from((await make(body)).body as Buffer).buffer);
  return new Map(
    book.worksheets.map((sheet) => [
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

test('every business has a sheet, and every line of the range a row', async () => {
  const sheets = await sheetsOf(YEAR);
  expect(sheets.size).toBe(await count('SELECT count(*) FROM billing_business'));
  const rows = [...sheets.values()].flat().filter(([number]) => typeof number === 'number');
  expect(rows).toHaveLength(
    await count(`SELECT count(*) FROM billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id
      WHERE i.invoice_date BETWEEN '2025-04-01' AND '2026-03-31' AND i.type_of_invoice IN ('outward', 'inward')`),
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

test('the file is named after its period', async () => {
  expect(await make({ start_date: '2024-05-01', end_date: '2024-05-31' })).toMatchObject({
    status: 200,
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
  const { body } = await reportExcel(YEAR, requestTo('/'), () => Promise.resolve([]));
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(Uint8Array.from(body as Buffer).buffer);
  expect(book.worksheets.map(({ name }) => name)).toEqual(['Sheet']);
});
