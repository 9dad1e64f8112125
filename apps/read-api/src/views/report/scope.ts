import { type Query } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { given, where } from '../shapes/conditions.js';
import { FULL_FILTER, invoiceConditions, type InvoiceFilter, NO_FILTER } from '../shapes/invoice-filter.js';
import { namedInvoices } from './named-invoices.js';

/** Specimens for reports: everything, what front ends ask for, and every condition at once. */
export const REPORT_FILTERS: readonly InvoiceFilter[] = [
  NO_FILTER,
  { ...NO_FILTER, business_id: '1', start_date: '2024-04-01', end_date: '2025-03-31' },
  FULL_FILTER,
];

/** Which invoices a report is about, and which lines. */
export interface Scope {
  /** Of billing_invoice AS i. */
  readonly invoices: readonly Sql[];
  /** Of billing_invoice AS i joined with billing_lineitem AS l. Names the invoices where they are few. */
  readonly lines: readonly Sql[];
}

/** @param name of the statement that looks for the invoices, e.g. `report.stats.invoices` */
export async function reportScope(name: string, filter: InvoiceFilter, query: Query): Promise<Scope> {
  const invoices = invoiceConditions(filter);
  // Without a filter every line matters, so there is nothing to be gained by names.
  if (invoices.length === 0) return { invoices, lines: [] };
  const ids = await namedInvoices(
    name,
    sql`SELECT i.id FROM billing_invoice i ${where(...invoices)} ORDER BY i.id`,
    query,
  );
  const named = given(ids, (few) => sql`l.invoice_id = ANY(${few})`);
  return { invoices, lines: named === undefined ? invoices : [...invoices, named] };
}
