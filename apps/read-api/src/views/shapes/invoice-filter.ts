import sql, { join, type Sql } from 'sql-template-tag';
import { date, text, wholeNumber } from '../../parameters.js';
import { contains } from '../../search.js';
import { type ViewRequest } from '../../view.js';
import { given } from './conditions.js';

/** The filter that all endpoints of invoices share: the list, one invoice and its actions, totals, reports. */
export type InvoiceFilter = {
  readonly invoice_number: string | undefined;
  readonly business_id: string | undefined;
  readonly customer_id: string | undefined;
  readonly start_date: string | undefined;
  readonly end_date: string | undefined;
  readonly type_of_invoice: string | undefined;
  readonly empty: true | undefined;
  readonly no_hsn: true | undefined;
  readonly dups: true | undefined;
};

export const NO_FILTER: InvoiceFilter = {
  invoice_number: undefined,
  business_id: undefined,
  customer_id: undefined,
  start_date: undefined,
  end_date: undefined,
  type_of_invoice: undefined,
  empty: undefined,
  no_hsn: undefined,
  dups: undefined,
};

/** Reaches every condition of the filter. */
export const FULL_FILTER: InvoiceFilter = {
  invoice_number: 'A',
  business_id: '1',
  customer_id: '1',
  start_date: '2024-04-01',
  end_date: '2025-03-31',
  type_of_invoice: 'outward',
  empty: true,
  no_hsn: true,
  dups: true,
};

/** Reaches every form of a statement whose one parameter is the filter. */
export const filterSpecimens: readonly InvoiceFilter[] = [NO_FILTER, FULL_FILTER];

/** @throws ApiError 400 */
export function invoiceFilter(request: ViewRequest): InvoiceFilter {
  const flag = (name: string): true | undefined => (request.query[name] === '1' ? true : undefined);
  return {
    invoice_number: text(request, 'invoice_number'),
    business_id: wholeNumber(request, 'business_id'),
    customer_id: wholeNumber(request, 'customer_id'),
    ...bothDates(request),
    type_of_invoice: text(request, 'type_of_invoice'),
    empty: flag('empty'),
    no_hsn: flag('no_hsn'),
    dups: flag('dups'),
  };
}

/** One date alone is ignored, valid or not. */
function bothDates(request: ViewRequest): Pick<InvoiceFilter, 'start_date' | 'end_date'> {
  const lone = !request.query['start_date'] || !request.query['end_date'];
  if (lone) return { start_date: undefined, end_date: undefined };
  return { start_date: date(request, 'start_date'), end_date: date(request, 'end_date') };
}

/** The conditions on billing_invoice AS i; leave them to `where`. */
export function invoiceConditions(filter: InvoiceFilter): readonly Sql[] {
  const own = ownConditions(filter);
  return filter.dups ? [...own, repeatedWithin(own)] : own;
}

function ownConditions(filter: InvoiceFilter): readonly Sql[] {
  return [
    given(filter.invoice_number, (number) => sql`UPPER(i.invoice_number) LIKE UPPER(${contains(number)})`),
    given(filter.business_id, (id) => sql`i.business_id = ${id}`),
    given(filter.customer_id, (id) => sql`i.customer_id = ${id}`),
    given(filter.start_date, (day) => sql`i.invoice_date >= ${day}`),
    given(filter.end_date, (day) => sql`i.invoice_date <= ${day}`),
    given(filter.type_of_invoice, (type) => sql`i.type_of_invoice = ${type}`),
    // Coarse: any line that comes, goes or moves may matter, since "no line" is not a matter of known invoices.
    given(filter.empty, () => sql`NOT EXISTS (SELECT 1 FROM billing_lineitem e WHERE e.invoice_id = i.id)`),
    given(
      filter.no_hsn,
      () => sql`EXISTS (SELECT 1 FROM billing_lineitem h WHERE h.invoice_id = i.id AND h.hsn_code = '')`,
    ),
  ].filter((condition) => condition !== undefined);
}

/** The Indian financial year of an invoice (AS i), by the year in which it begins. */
export const financialYear = sql`(EXTRACT(YEAR FROM i.invoice_date) - CASE WHEN EXTRACT(MONTH FROM i.invoice_date) < 4 THEN 1 ELSE 0 END)`;

/** Numbers used twice among the rows that the other conditions leave: a duplicate whose twin is filtered away does not count. */
function repeatedWithin(own: readonly Sql[]): Sql {
  return sql`(i.business_id, i.invoice_number, ${financialYear}, i.type_of_invoice) IN (
    SELECT i.business_id, i.invoice_number, ${financialYear}, i.type_of_invoice FROM billing_invoice i
    WHERE ${join([...own, sql`i.invoice_number <> ''`], ' AND ')}
    GROUP BY 1, 2, 3, 4 HAVING count(*) > 1)`;
}
