import { type Query } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { contains, searchTerms } from '../../search.js';
import { statement } from '../../statement.js';
import { text } from './columns.js';

/**
 * The conditions of an invoice search on billing_invoice AS i: every term in the number or in the name of a party. The parties are looked up
 * first and not joined: so a renamed customer matters to the searches on its old and its new name, and to no other.
 */
export async function searchConditions(search: string | undefined, query: Query): Promise<readonly Sql[]> {
  const conditions: Sql[] = [];
  for (const term of new Set(searchTerms(search ?? ''))) conditions.push(await termCondition(contains(term), query));
  return conditions;
}

async function termCondition(pattern: string, query: Query): Promise<Sql> {
  const customers = await query(
    statement(
      'invoice.search.customers',
      sql`SELECT id FROM billing_customer WHERE UPPER(name) LIKE UPPER(${pattern}) ORDER BY id`,
    ),
  );
  const businesses = await query(
    statement(
      'invoice.search.businesses',
      sql`SELECT id FROM billing_business WHERE UPPER(name) LIKE UPPER(${pattern}) ORDER BY id`,
    ),
  );
  const [customerIds, businessIds] = [customers, businesses].map((rows) => rows.map((row) => text(row, 'id')));
  return sql`(UPPER(i.invoice_number) LIKE UPPER(${pattern})
    OR i.customer_id = ANY(${customerIds}) OR i.business_id = ANY(${businessIds}))`;
}
