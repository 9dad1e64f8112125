import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { type Query, type SourceRow } from '@freshet/cache-engine';
import { type Worksheet } from 'exceljs';
import sql from 'sql-template-tag';
import { type Post } from '../../route.js';
import { statement } from '../../statement.js';
import { grouped, text } from '../shapes/columns.js';
import { excelRange } from './excel/excel-range.js';
import { periodName } from './excel/period.js';
import { sheetNames } from './excel/sheet-names.js';
import { type ExcelRange, type Row, sheetRows } from './excel/sheet-rows.js';
import { soldLineOf } from './excel/sold-line.js';

const EXCEL = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const ROWS_AT_A_TIME = 500;

interface Sheet {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** A workbook of all lines between two days, a sheet for each business. Asked for so seldom that it is not stored. */
export const reportExcel: Post = async (body, _request, query) => {
  const range = excelRange(body);
  const file = `invoices_${periodName(range.from, range.to)}.xlsx`;
  return {
    status: 200,
    body: await workbook(await sheets(range, query)),
    contentType: EXCEL,
    headers: { 'content-disposition': `attachment; filename="${file}"; filename*=UTF-8''${file}` },
  };
};

async function sheets(range: ExcelRange, query: Query): Promise<readonly Sheet[]> {
  const businesses = await query(
    statement('report.excel.businesses', sql`SELECT id, name, gst_number FROM billing_business ORDER BY id`),
  );
  const lines = grouped(await soldLines(range, query), 'business_id');
  const names = sheetNames(businesses.map((business) => text(business, 'name')));
  return businesses.map((business, index) => {
    const sold = (lines.get(text(business, 'id')) ?? []).map(soldLineOf);
    const heading = { name: text(business, 'name'), gstNumber: text(business, 'gst_number') };
    return { name: names[index] ?? '', rows: sheetRows(heading, sold, range) };
  });
}

function soldLines({ from, to }: ExcelRange, query: Query): Promise<readonly SourceRow[]> {
  return query(
    statement(
      'report.excel.lines',
      sql`SELECT i.business_id, i.type_of_invoice, i.invoice_number, i.invoice_date, c.name AS customer_name, c.gst_number,
            l.product_name, l.hsn_code, l.gst_tax_rate, l.quantity, l.rate, l.quantity * l.rate AS taxable,
            l.cgst, l.sgst, l.igst, l.amount, l.unit
          FROM billing_lineitem l
            JOIN billing_invoice i ON i.id = l.invoice_id
            JOIN billing_customer c ON c.id = l.customer_id
          WHERE i.invoice_date >= ${from} AND i.invoice_date <= ${to} AND i.type_of_invoice IN ('outward', 'inward')
          ORDER BY i.invoice_date, i.invoice_number, l.id`,
    ),
  );
}

async function workbook(sheets: readonly Sheet[]): Promise<Buffer> {
  // Loaded when first asked for: it is large, and most processes never need it.
  const { default: excel } = await import('exceljs');
  const file = new PassThrough();
  const whole = buffer(file);
  const book = new excel.stream.xlsx.WorkbookWriter({ stream: file, useSharedStrings: true });
  if (sheets.length === 0) book.addWorksheet('Sheet').commit();
  for (const sheet of sheets) await write(sheet, book.addWorksheet(sheet.name));
  await book.commit();
  return whole;
}

/** A row is packed when it is committed, so that no cell of it stays here; in between others get their turn. */
async function write({ rows }: Sheet, sheet: Worksheet): Promise<void> {
  for (const [index, row] of rows.entries()) {
    sheet.addRow([...row]).commit();
    if (index % ROWS_AT_A_TIME === 0) await setImmediate();
  }
  sheet.commit();
}
