import { type Statement, type SqlValue } from '@freshet/cache-engine';
import { type Sql } from 'sql-template-tag';

/** Names a piece of SQL: `statement('invoice.get.row', sql`SELECT … WHERE id = ${id}`)`. */
export function statement(name: string, { text, values }: Sql): Statement {
  return { name, text, values: values as readonly SqlValue[] };
}
