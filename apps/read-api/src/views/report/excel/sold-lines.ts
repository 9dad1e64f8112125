import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../../statement.js';
import { text } from '../../shapes/columns.js';
import { batches } from '../../shapes/cursor.js';
import { MOST_NAMED } from '../named-invoices.js';
import { type ExcelRange, supplies } from './excel-range.js';
import { type SoldLine, soldLineOf } from './sold-line.js';

/**
 * A business's lines of the kinds asked for, in the order of its sheet, a few at a time. The cursor is over the invoices: a join with all
 * their lines would read the whole table of lines for each business, and sort them before the first one came.
 */
export async function* soldLines(
  businessId: string,
  range: ExcelRange,
  query: Query,
): AsyncGenerator<readonly SoldLine[], void, undefined> {
  // Lines of one day and number are shown by their ids, whichever invoice they are of: such invoices are read together.
  let held: readonly SourceRow[] = [];
  for await (const some of batches(invoicesOf(businessId, range), MOST_NAMED, query)) {
    const known = [...held, ...some];
    const last = placeOf(known.at(-1));
    const end = known.findIndex((invoice) => placeOf(invoice) === last);
    if (end > 0) yield await linesOf(known.slice(0, end), query);
    held = known.slice(end);
  }
  if (held.length > 0) yield await linesOf(held, query);
}

function invoicesOf(businessId: string, range: ExcelRange) {
  const types = supplies(range).map(({ type }) => type);
  // One name for all businesses: the statements are the same, and stay prepared.
  return statement(
    'report.excel.invoices',
    sql`SELECT i.id, i.type_of_invoice, i.invoice_number, i.invoice_date FROM billing_invoice i
        WHERE i.business_id = ${businessId} AND i.invoice_date >= ${range.from} AND i.invoice_date <= ${range.to}
          AND i.type_of_invoice = ANY(${types}::text[])
        ORDER BY date_trunc('month', i.invoice_date::timestamp), i.type_of_invoice = 'inward', i.invoice_date, i.invoice_number`,
  );
}

async function linesOf(invoices: readonly SourceRow[], query: Query): Promise<readonly SoldLine[]> {
  const rows = await query(
    statement(
      'report.excel.lines',
      sql`SELECT l.invoice_id, c.name AS customer_name, c.gst_number, l.product_name, l.hsn_code, l.gst_tax_rate, l.quantity, l.rate,
            l.quantity * l.rate AS taxable, l.cgst, l.sgst, l.igst, l.amount, l.unit
          FROM billing_lineitem l JOIN billing_customer c ON c.id = l.customer_id
          WHERE l.invoice_id = ANY(${invoices.map((invoice) => text(invoice, 'id'))}) ORDER BY l.id`,
    ),
  );
  const byId = new Map(invoices.map((invoice) => [text(invoice, 'id'), invoice]));
  const places = new Map<string, SoldLine[]>(invoices.map((invoice) => [placeOf(invoice), []]));
  for (const row of rows) {
    const invoice = byId.get(text(row, 'invoice_id'));
    places.get(placeOf(invoice))?.push(soldLineOf({ ...invoice, ...row }));
  }
  return [...places.values()].flat();
}

/** Equal where lines are ordered by their ids alone. */
function placeOf(invoice: SourceRow | undefined): string {
  return JSON.stringify(invoice && [invoice['type_of_invoice'], invoice['invoice_date'], invoice['invoice_number']]);
}
