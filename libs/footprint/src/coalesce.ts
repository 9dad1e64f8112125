import type { RowChange, TableRef } from '@freshet/row-change';
import type { TableFacts } from './catalog.js';

/** Row changes of ONE transaction, several of one row made into one: what lay between was never visible. */
export function coalesce(
  changes: readonly RowChange[],
  _factsOf: (table: TableRef) => TableFacts | undefined,
): readonly RowChange[] {
  return changes;
}
