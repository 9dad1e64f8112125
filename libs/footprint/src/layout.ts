import type { ColumnFacts, TableFacts } from './catalog.js';

/** What every change of a table asks of its facts. */
export interface Layout {
  readonly columns: ReadonlyMap<string, ColumnFacts>;
  /** Never null in a whole row. */
  readonly required: readonly string[];
}

/** Worked out once for a table: a change asks for it several times over. */
const known = new WeakMap<TableFacts, Layout>();

export function layoutOf(facts: TableFacts): Layout {
  const layout = known.get(facts);
  if (layout !== undefined) return layout;
  const made: Layout = {
    columns: new Map(facts.columns.map((c) => [c.name, c])),
    required: facts.columns.filter((c) => c.notNull && c.generated === null).map((c) => c.name),
  };
  known.set(facts, made);
  return made;
}
