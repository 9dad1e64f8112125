import { tableName, type TableName } from '@freshet/cache-keys';
import type { RowChange, TableRef } from '@freshet/row-change';
import type { TableFacts } from './catalog.js';
import type { Footprint, SqlValue, Verdict } from './footprint.js';

export type FactsOf = (table: TableRef) => TableFacts | undefined;
/** Decides on the changes of one transaction (or slice of one) that touch tables of the statement; others are ignored. */
export type BoundMatcher = (changes: readonly RowChange[], factsOf: FactsOf) => Verdict;
export interface Matcher {
  bind(values: readonly SqlValue[]): BoundMatcher;
}

export function compileMatcher(footprint: Footprint): Matcher {
  const roots = new Set<TableName>(footprint.occurrences.map((o) => o.root));
  return {
    bind: () => (changes, factsOf) => {
      const hit = changes.find((c) => roots.has(factsOf(c.table)?.root ?? tableName(c.table.schema, c.table.table)));
      if (hit === undefined) return { matters: false, because: 'no row of a table that the statement reads' };
      return { matters: true, because: `a row of ${hit.table.table} changed` };
    },
  };
}
