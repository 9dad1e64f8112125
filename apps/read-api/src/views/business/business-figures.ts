import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { statement } from '../../statement.js';
import { byColumn, number } from '../shapes/columns.js';
import { where } from '../shapes/conditions.js';
import { between } from '../shapes/dates.js';

export type Dates = { readonly start_date: string | undefined; readonly end_date: string | undefined };

/** How many customers each of some businesses is linked to; one without links has no row. */
export async function customerCounts(ids: readonly string[], query: Query): Promise<ReadonlyMap<string, SourceRow>> {
  if (ids.length === 0) return new Map();
  const rows = await query(
    statement(
      'business.list.links',
      sql`SELECT business_id, count(*) AS customer_count FROM billing_customer_businesses
          WHERE business_id = ANY(${ids}) GROUP BY business_id`,
    ),
  );
  return byColumn(rows, 'business_id');
}

/** Sums over the invoices of some businesses between two dates; one without invoices has no row. */
export async function invoiceFigures(
  ids: readonly string[],
  { start_date, end_date }: Dates,
  query: Query,
): Promise<ReadonlyMap<string, SourceRow>> {
  if (ids.length === 0) return new Map();
  const matching = where(sql`i.business_id = ANY(${ids})`, ...between('i.invoice_date', start_date, end_date));
  const rows = await query(
    statement(
      'business.list.figures',
      sql`SELECT i.business_id, count(*) AS invoice_count,
            coalesce(sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'outward'), 0) AS total_revenue,
            coalesce(sum(i.total_amount) FILTER (WHERE i.type_of_invoice <> 'outward'), 0) AS total_purchases
          FROM billing_invoice i ${matching} GROUP BY i.business_id`,
    ),
  );
  return byColumn(rows, 'business_id');
}

/** What the list shows beside the business itself: all types but sales are purchases. */
export function figuresShape(row: SourceRow | undefined) {
  if (row === undefined) return { total_revenue: 0, total_purchases: 0, invoice_count: 0 };
  return {
    total_revenue: number(row, 'total_revenue'),
    total_purchases: number(row, 'total_purchases'),
    invoice_count: number(row, 'invoice_count'),
  };
}
