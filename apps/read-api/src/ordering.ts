import sql, { join, raw, type Sql } from 'sql-template-tag';
import { type ViewRequest } from './view.js';

/**
 * `ordering` in canonical form, e.g. `name,-id`: unknown names are dropped, and those given before (they change nothing, and each repetition
 * would be another SQL text to analyse). Undefined when none is left.
 */
export function ordering(request: ViewRequest, allowed: readonly string[]): string | undefined {
  const terms = (request.query['ordering'] ?? '').split(',').map((term) => term.trim());
  const names = terms.map((term) => term.replace(/^-/, ''));
  const known = terms.filter((_, i) => allowed.includes(names[i] ?? '') && names.indexOf(names[i] ?? '') === i);
  return known.length === 0 ? undefined : known.join(',');
}

/**
 * The ORDER BY list for a canonical ordering, with `tie` (ascending) as last key. PostgreSQL's own place for NULLs is the contract's:
 * last ascending, first descending.
 * @param columns what each name sorts by, e.g. `{ name: 'c.name' }`
 */
export function orderBy(ordering: string, columns: Readonly<Record<string, string>>, tie: string): Sql {
  const keys = ordering.split(',').map((term) => {
    const column = columns[term.replace(/^-/, '')];
    if (column === undefined) throw new RangeError(`no column to order by for ${term}`);
    return raw(term.startsWith('-') ? `${column} DESC` : column);
  });
  return sql`${join([...keys, raw(tie)], ', ')}`;
}
