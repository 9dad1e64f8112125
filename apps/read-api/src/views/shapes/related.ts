import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { byColumn, grouped, rowAt, text } from './columns.js';
import { lineColumns } from './line.js';
import { type Parties } from './invoice.js';

/** What is read for the invoices of a page by their ids, so that only the rows shown matter. */
export interface Related {
  parties(invoice: SourceRow): Parties;
}

/** Names and GST numbers of the customers and businesses of some invoices. */
export async function partiesOf(invoices: readonly SourceRow[], query: Query): Promise<Related> {
  const [customers, businesses] = await Promise.all([
    customersByIds(distinct(invoices, 'customer_id'), query),
    businessesByIds(distinct(invoices, 'business_id'), query),
  ]);
  return {
    parties: (invoice) => ({
      customer: rowAt(customers, text(invoice, 'customer_id')),
      business: rowAt(businesses, text(invoice, 'business_id')),
    }),
  };
}

async function customersByIds(ids: readonly string[], query: Query): Promise<ReadonlyMap<string, SourceRow>> {
  if (ids.length === 0) return new Map();
  const rows = await query(
    statement('invoice.customers', sql`SELECT id, name, gst_number FROM billing_customer WHERE id = ANY(${ids})`),
  );
  return byColumn(rows, 'id');
}

async function businessesByIds(ids: readonly string[], query: Query): Promise<ReadonlyMap<string, SourceRow>> {
  if (ids.length === 0) return new Map();
  const rows = await query(
    statement('invoice.businesses', sql`SELECT id, name, gst_number FROM billing_business WHERE id = ANY(${ids})`),
  );
  return byColumn(rows, 'id');
}

/** The lines of some invoices, by invoice, in the order of their ids. */
export async function linesOf(
  invoiceIds: readonly string[],
  query: Query,
): Promise<ReadonlyMap<string, readonly SourceRow[]>> {
  if (invoiceIds.length === 0) return new Map();
  const rows = await query(
    statement(
      'invoice.lines',
      sql`SELECT ${lineColumns} FROM billing_lineitem l WHERE l.invoice_id = ANY(${invoiceIds}) ORDER BY l.id`,
    ),
  );
  return grouped(rows, 'invoice_id');
}

/** Tax and number of the lines of some invoices, by invoice; an invoice without lines has no row. */
export async function lineFiguresOf(
  invoiceIds: readonly string[],
  query: Query,
): Promise<ReadonlyMap<string, SourceRow>> {
  if (invoiceIds.length === 0) return new Map();
  const rows = await query(
    statement(
      'invoice.line_figures',
      sql`SELECT invoice_id, sum(cgst + sgst + igst) AS total_tax, count(*) AS line_item_count
          FROM billing_lineitem WHERE invoice_id = ANY(${invoiceIds}) GROUP BY invoice_id`,
    ),
  );
  return byColumn(rows, 'invoice_id');
}

/** Sorted, so that equal pages send equal values. */
function distinct(rows: readonly SourceRow[], column: string): readonly string[] {
  return [...new Set(rows.map((row) => text(row, column)))].sort();
}
