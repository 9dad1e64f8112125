import { type Query } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { statement } from '../../../statement.js';
import { batches } from '../../shapes/cursor.js';
import { where } from '../../shapes/conditions.js';
import { MOST_NAMED } from '../named-invoices.js';
import { type Bill, billLineOf, billOf } from './bill.js';
import { readBillParts } from './read-bills.js';

/** What a return needs of a line. */
export const BILL_LINE_COLUMNS = sql`l.id, l.hsn_code, l.gst_tax_rate, l.quantity, l.rate, l.cgst, l.sgst, l.igst`;
/** What a return needs of an invoice. */
export const BILL_COLUMNS = sql`i.id, i.business_id, i.customer_id, i.invoice_number, i.invoice_date, i.total_amount`;

/** Which bills to read, and in which order. */
export interface BillQuestion {
  /** Names the cursor: once in a session. */
  readonly name: string;
  /** Joins of billing_invoice AS i. */
  readonly joins?: Sql;
  readonly conditions: readonly Sql[];
  readonly order: Sql;
}

/** Bills with their lines and parties, a few at a time. */
export async function* billsOf(question: BillQuestion, query: Query): AsyncGenerator<readonly Bill[], void, undefined> {
  const { name, joins = sql``, conditions, order } = question;
  const chosen = sql`SELECT ${BILL_COLUMNS} FROM billing_invoice i ${joins} ${where(...conditions)} ORDER BY ${order}`;
  // As many as are named one by one when their lines are looked for.
  for await (const invoices of batches(statement(name, chosen), MOST_NAMED, query)) {
    const parts = await readBillParts(invoices, { name, columns: BILL_LINE_COLUMNS, conditions: [] }, query);
    yield invoices.map((row) => billOf(row, parts, billLineOf));
  }
}
