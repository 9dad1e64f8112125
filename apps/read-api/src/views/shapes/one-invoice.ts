import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { pathId, searchText } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type ViewRequest } from '../../view.js';
import { where } from './conditions.js';
import { FULL_FILTER, invoiceConditions, invoiceFilter, NO_FILTER, type InvoiceFilter } from './invoice-filter.js';
import { searchConditions } from './invoice-search.js';

/** One invoice: the list's filter and search act on it too, and one that they leave out is not found. */
export type OneInvoice = InvoiceFilter & { readonly id: string; readonly search: string | undefined };

export const oneInvoiceSpecimens: readonly OneInvoice[] = [
  { ...NO_FILTER, id: '1', search: undefined },
  { ...FULL_FILTER, id: '1', search: 'a' },
];

export function oneInvoiceParams(request: ViewRequest): OneInvoice {
  return { id: pathId(request), ...invoiceFilter(request), search: searchText(request) };
}

/** @param name of the statement, whose columns differ from view to view */
export async function oneInvoice(
  name: string,
  columns: Sql,
  { params, query }: { params: OneInvoice; query: Query },
): Promise<SourceRow | undefined> {
  const conditions = where(
    sql`i.id = ${params.id}`,
    ...invoiceConditions(params),
    ...(await searchConditions(params.search, query)),
  );
  const [row] = await query(statement(name, sql`SELECT ${columns} FROM billing_invoice i ${conditions}`));
  return row;
}
