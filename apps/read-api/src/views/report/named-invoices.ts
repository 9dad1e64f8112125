import { type Query } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { statement } from '../../statement.js';
import { text } from '../shapes/columns.js';

/** Each invoice named costs one dependency of the entry. */
export const MOST_NAMED = 250;

/**
 * The invoices that a question over lines is about, if they are few enough to be named. A line knows its invoice alone, so without names
 * a line of any business and year may matter; with them (`l.invoice_id = ANY(…)`, which changes no answer) only these invoices' lines do.
 * @param ids a statement's text that gives their ids as `id`, each once
 */
export async function namedInvoices(name: string, ids: Sql, query: Query): Promise<readonly string[] | undefined> {
  const rows = await query(statement(name, sql`${ids} LIMIT ${MOST_NAMED + 1}`));
  return rows.length > MOST_NAMED ? undefined : rows.map((row) => text(row, 'id'));
}
