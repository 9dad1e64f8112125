import { type Query } from '@freshet/cache-engine';
import sql, { empty, type Sql } from 'sql-template-tag';
import { orderBy, ordering } from '../../ordering.js';
import { paging, type PageWindow, type Paging } from '../../paging.js';
import { searchText } from '../../parameters.js';
import { searchTerms } from '../../search.js';
import { type ViewRequest } from '../../view.js';
import { where } from './conditions.js';
import { FULL_FILTER, invoiceConditions, invoiceFilter, NO_FILTER, type InvoiceFilter } from './invoice-filter.js';
import { searchConditions } from './invoice-search.js';
import { pageOf, type PageOf } from './page-of.js';

export type InvoicePage = InvoiceFilter &
  Paging & { readonly search: string | undefined; readonly ordering: string | undefined };

const COLUMNS = {
  invoice_date: 'i.invoice_date',
  created_at: 'i.created_at',
  invoice_number: 'i.invoice_number',
  total_amount: 'i.total_amount',
  type_of_invoice: 'i.type_of_invoice',
  customer__name: 'c.name',
  business__name: 'b.name',
};

export const invoicePageSpecimens: readonly InvoicePage[] = [
  { ...NO_FILTER, page: 1, pageSize: 15, search: undefined, ordering: undefined },
  { ...FULL_FILTER, page: 1, pageSize: 15, search: 'a', ordering: undefined },
  { ...NO_FILTER, page: 1, pageSize: 15, search: undefined, ordering: 'customer__name,-business__name' },
];

export function invoicePageParams(request: ViewRequest): InvoicePage {
  const search = searchText(request);
  return {
    ...invoiceFilter(request),
    ...paging(request),
    search: search === undefined || searchTerms(search).length === 0 ? undefined : search,
    ordering: ordering(request, Object.keys(COLUMNS)),
  };
}

export async function invoicePage(params: InvoicePage, columns: Sql, query: Query): Promise<PageOf> {
  const conditions = where(...invoiceConditions(params), ...(await searchConditions(params.search, query)));
  const { joins, sorting } = ordered(params.ordering);
  const texts = {
    count: sql`SELECT count(*) AS count FROM billing_invoice i ${conditions}`,
    ids: ({ size, offset }: PageWindow) =>
      sql`SELECT i.id FROM billing_invoice i ${joins} ${conditions} ORDER BY ${sorting} LIMIT ${size} OFFSET ${offset}`,
    joins: joins !== empty,
    rows: (ids: readonly string[]) => sql`SELECT ${columns} FROM billing_invoice i WHERE i.id = ANY(${ids})`,
  };
  return pageOf('invoice.list', params, { texts, query });
}

/** The parties are joined only to order by their names; then any of them may move an invoice to another page. */
function ordered(order: string | undefined): { joins: Sql; sorting: Sql } {
  if (order === undefined) return { joins: empty, sorting: sql`i.invoice_date DESC, i.created_at DESC, i.id DESC` };
  const customers = order.includes('customer__name') ? sql`JOIN billing_customer c ON c.id = i.customer_id` : empty;
  const businesses = order.includes('business__name') ? sql`JOIN billing_business b ON b.id = i.business_id` : empty;
  const joins = customers === empty && businesses === empty ? empty : sql`${customers} ${businesses}`;
  return { joins, sorting: orderBy(order, COLUMNS, 'i.id') };
}
