import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql, { empty, type Sql } from 'sql-template-tag';
import { orderBy, ordering } from '../../ordering.js';
import { pageWindow, paging, type PageWindow, type Paging } from '../../paging.js';
import { searchText } from '../../parameters.js';
import { searchTerms } from '../../search.js';
import { statement } from '../../statement.js';
import { type ViewRequest } from '../../view.js';
import { byColumn, number, text } from './columns.js';
import { where } from './conditions.js';
import { FULL_FILTER, invoiceConditions, invoiceFilter, NO_FILTER, type InvoiceFilter } from './invoice-filter.js';
import { searchConditions } from './invoice-search.js';

export type InvoicePage = InvoiceFilter &
  Pick<Paging, keyof Paging> & { readonly search: string | undefined; readonly ordering: string | undefined };

/** What is found of a page; no rows where there is no such page. */
export interface PageOf {
  readonly count: number;
  readonly window: PageWindow | undefined;
  readonly rows: readonly SourceRow[];
}

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

/**
 * Count, then the ids of the page, then its rows by id. The ids come alone so that an invoice on another page matters only
 * when a column changes that filters or orders.
 */
export async function invoicePage(params: InvoicePage, columns: Sql, query: Query): Promise<PageOf> {
  const conditions = where(...invoiceConditions(params), ...(await searchConditions(params.search, query)));
  const [counted] = await query(
    statement('invoice.list.count', sql`SELECT count(*) AS count FROM billing_invoice i ${conditions}`),
  );
  const count = number(counted!, 'count');
  const window = pageWindow(params, count);
  if (window === undefined || count === 0) return { count, window, rows: [] };
  const ids = (await query(pageStatement(params.ordering, conditions, window))).map((row) => text(row, 'id'));
  const rows = byColumn(
    await query(statement('invoice.list.rows', sql`SELECT ${columns} FROM billing_invoice i WHERE i.id = ANY(${ids})`)),
    'id',
  );
  return { count, window, rows: ids.map((id) => rows.get(id)!) };
}

/** The parties are joined only to order by their names; then any of them may move an invoice to another page. */
function pageStatement(order: string | undefined, conditions: Sql, { size, offset }: PageWindow) {
  const customers = order?.includes('customer__name') ? sql`JOIN billing_customer c ON c.id = i.customer_id` : empty;
  const businesses = order?.includes('business__name') ? sql`JOIN billing_business b ON b.id = i.business_id` : empty;
  const sorting =
    order === undefined ? sql`i.invoice_date DESC, i.created_at DESC, i.id DESC` : orderBy(order, COLUMNS, 'i.id');
  return statement(
    'invoice.list.page',
    sql`SELECT i.id FROM billing_invoice i ${customers} ${businesses} ${conditions} ORDER BY ${sorting} LIMIT ${size} OFFSET ${offset}`,
  );
}
