import sql, { type Sql } from 'sql-template-tag';
import { given } from '../shapes/conditions.js';
import { between } from '../shapes/dates.js';
import { type TopParams } from './top-params.js';

/** The conditions of `TopParams` on billing_invoice AS i; leave them to `where`. */
export function salesBetween({ business, start_date, end_date }: TopParams): readonly (Sql | undefined)[] {
  return [
    sql`i.type_of_invoice = 'outward'`,
    given(business, (id) => sql`i.business_id = ${id}`),
    ...between('i.invoice_date', start_date, end_date),
  ];
}
