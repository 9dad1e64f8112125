import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { mediaHole } from '../../links.js';
import { statement } from '../../statement.js';
import { roundHalfEven } from '../../values.js';
import { byColumn, maybeText, number, text, time } from '../shapes/columns.js';
import { isIgstApplicable, type Parties } from '../shapes/invoice.js';

/** The columns of `billShape`, of billing_invoice AS i. */
export const billColumns = sql`
  i.id, i.invoice_number, i.invoice_date, i.total_amount, i.business_id, i.customer_id, i.source_file, i.source_preview,
  i.created_at, i.updated_at`;

/** Sums over the lines of some bills, by bill; a bill without lines has no row. */
export async function taxesOf(ids: readonly string[], query: Query): Promise<ReadonlyMap<string, SourceRow>> {
  if (ids.length === 0) return new Map();
  const rows = await query(
    statement(
      'inward.taxes',
      sql`SELECT invoice_id, sum(quantity * rate) AS taxable, sum(cgst) AS cgst, sum(sgst) AS sgst, sum(igst) AS igst
          FROM billing_lineitem WHERE invoice_id = ANY(${ids}) GROUP BY invoice_id`,
    ),
  );
  return byColumn(rows, 'invoice_id');
}

/** An inward invoice: its customer is the supplier, its business the buying firm. */
export function billShape(row: SourceRow, parties: Parties, taxes: SourceRow | undefined) {
  const { customer, business } = parties;
  const sum = (column: string): string => roundHalfEven(taxes === undefined ? '0' : text(taxes, column), 2);
  return {
    id: number(row, 'id'),
    invoice_number: text(row, 'invoice_number'),
    invoice_date: text(row, 'invoice_date'),
    total_amount: text(row, 'total_amount'),
    business: number(row, 'business_id'),
    business_name: text(business, 'name'),
    business_gstin: text(business, 'gst_number'),
    customer: number(row, 'customer_id'),
    supplier: {
      id: number(customer, 'id'),
      name: text(customer, 'name'),
      gst_number: maybeText(customer, 'gst_number'),
    },
    is_igst_applicable: isIgstApplicable(parties),
    taxable: sum('taxable'),
    cgst: sum('cgst'),
    sgst: sum('sgst'),
    igst: sum('igst'),
    has_file: stored(row, 'source_file') !== null,
    source_preview_url: signedLink(row, 'source_preview'),
    created_at: time(row, 'created_at'),
    updated_at: time(row, 'updated_at'),
  };
}

/** Signed while answering: the link ends hours later, the entry may not. */
export function signedLink(row: SourceRow, column: string): string | null {
  const path = stored(row, column);
  return path === null ? null : mediaHole(path);
}

function stored(row: SourceRow, column: string): string | null {
  return maybeText(row, column) || null;
}
