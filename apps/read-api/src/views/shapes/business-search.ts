import sql, { type Sql } from 'sql-template-tag';
import { contains } from '../../search.js';

/** The search box of businesses (AS b): the whole text, in the name or the GST number. */
export function businessSearch(search: string): Sql {
  const pattern = contains(search);
  return sql`(UPPER(b.name) LIKE UPPER(${pattern}) OR UPPER(b.gst_number) LIKE UPPER(${pattern}))`;
}
