import { type Query } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../../statement.js';
import { batches } from '../../shapes/cursor.js';
import { type ExcelRange, supplies } from './excel-range.js';
import { type SoldLine, soldLineOf } from './sold-line.js';

const AT_A_TIME = 500;

/** A business's lines of the kinds asked for, in the order of its sheet, a few at a time. */
export async function* soldLines(
  businessId: string,
  range: ExcelRange,
  query: Query,
): AsyncGenerator<readonly SoldLine[], void, undefined> {
  const types = supplies(range).map(({ type }) => type);
  // One name for all businesses: the statements are the same, and stay prepared.
  const lines = statement(
    'report.excel.lines',
    sql`SELECT i.type_of_invoice, i.invoice_number, i.invoice_date, c.name AS customer_name, c.gst_number,
          l.product_name, l.hsn_code, l.gst_tax_rate, l.quantity, l.rate, l.quantity * l.rate AS taxable,
          l.cgst, l.sgst, l.igst, l.amount, l.unit
        FROM billing_invoice i
          JOIN billing_lineitem l ON l.invoice_id = i.id
          JOIN billing_customer c ON c.id = l.customer_id
        WHERE i.business_id = ${businessId} AND i.invoice_date >= ${range.from} AND i.invoice_date <= ${range.to}
          AND i.type_of_invoice = ANY(${types}::text[])
        ORDER BY date_trunc('month', i.invoice_date::timestamp), i.type_of_invoice = 'inward',
          i.invoice_date, i.invoice_number, l.id`,
  );
  for await (const rows of batches(lines, AT_A_TIME, query)) yield rows.map(soldLineOf);
}
