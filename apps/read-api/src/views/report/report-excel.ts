import { type Query } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { type Post } from '../../route.js';
import { statement } from '../../statement.js';
import { text } from '../shapes/columns.js';
import { excelRange, type ExcelRange } from './excel/excel-range.js';
import { periodName } from './excel/period.js';
import { sheetNames } from './excel/sheet-names.js';
import { type Row, SheetRows } from './excel/sheet-rows.js';
import { soldLines } from './excel/sold-lines.js';
import { type Sheet, workbook } from './excel/workbook.js';

const EXCEL = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** A workbook of all lines between two days, a sheet for each business. Asked for so seldom that it is not stored. */
export const reportExcel: Post = (body) => {
  const range = excelRange(body);
  const file = `invoices_${periodName(range.from, range.to)}.xlsx`;
  return {
    contentType: EXCEL,
    headers: { 'content-disposition': `attachment; filename="${file}"; filename*=UTF-8''${file}` },
    pieces: (query) => pieces(range, query),
  };
};

async function* pieces(range: ExcelRange, query: Query): AsyncGenerator<Buffer, void, undefined> {
  const businesses = await query(
    statement('report.excel.businesses', sql`SELECT id, name, gst_number FROM billing_business ORDER BY id`),
  );
  const names = sheetNames(businesses.map((business) => text(business, 'name')));
  const sheets = businesses.map((business, index): Sheet => {
    const heading = { name: text(business, 'name'), gstNumber: text(business, 'gst_number') };
    const rows = new SheetRows(heading, range);
    return { name: names[index] ?? '', rows: () => rowsOf(rows, soldLines(text(business, 'id'), range, query)) };
  });
  yield* workbook(sheets.length > 0 ? sheets : [EMPTY]);
}

const EMPTY: Sheet = {
  name: 'Sheet',
  rows: async function* () {
    yield [];
  },
};

async function* rowsOf(
  rows: SheetRows,
  lines: ReturnType<typeof soldLines>,
): AsyncGenerator<readonly Row[], void, undefined> {
  for await (const some of lines) yield rows.rowsOf(some);
  yield rows.rest();
}
