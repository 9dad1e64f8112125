import { tableName } from '@freshet/cache-keys';
import { UNAVAILABLE, type Row, type RowChange } from '@freshet/row-change';
import type { TableFacts } from './catalog.js';
import type { FactsOf } from './matcher.js';

/**
 * Row changes of ONE transaction, those of one row made into one by primary key: what lay between was never visible. Only under REPLICA
 * IDENTITY FULL, where both images are whole; other changes stay as they are, in their place.
 */
export function coalesce(changes: readonly RowChange[], factsOf: FactsOf): readonly RowChange[] {
  if (changes.length < 2) return changes;
  const rest: RowChange[] = [];
  const rows = new Map<string, RowChange | undefined>();
  const spoilt = new Set<string>();
  for (const change of changes) {
    const table = tableName(change.table.schema, change.table.table);
    const facts = factsOf(change.table);
    if (facts === undefined || !followable(change, facts) || !follow(rows, table, change, facts)) spoilt.add(table);
  }
  for (const change of changes) if (spoilt.has(tableName(change.table.schema, change.table.table))) rest.push(change);
  const net = [...rows.values()].filter((c): c is RowChange => c !== undefined);
  return [...rest, ...net.filter((c) => !spoilt.has(tableName(c.table.schema, c.table.table)))];
}

/** Whole images with a known key on either side. */
function followable({ op, before, after }: RowChange, facts: TableFacts): boolean {
  if (facts.identity !== 'full' || facts.kind !== 'table' || facts.primaryKey.length === 0) return false;
  const images = op === 'insert' ? [after] : op === 'delete' ? [before] : [before, after];
  return images.every(
    (row) =>
      row !== undefined &&
      facts.primaryKey.every((c) => row[c] !== null && row[c] !== undefined && row[c] !== UNAVAILABLE),
  );
}

/** @returns false where the changes do not fit together, so that the table's changes stay apart. */
function follow(
  rows: Map<string, RowChange | undefined>,
  table: string,
  change: RowChange,
  facts: TableFacts,
): boolean {
  const key = (row: Row | undefined) => `${table} ${JSON.stringify(facts.primaryKey.map((c) => String(row?.[c])))}`;
  const from = change.before === undefined ? undefined : key(change.before);
  const to = change.after === undefined ? undefined : key(change.after);
  const earlier = from === undefined ? undefined : rows.get(from);
  const first = earlier === undefined ? change.before : earlier.before;
  if (from !== undefined) rows.delete(from);
  if (to !== undefined && rows.has(to)) return revive(rows, to, { ...change, before: first });
  // The row is gone, and it had not been there: no trace remains.
  if (to === undefined && first === undefined) return true;
  rows.set(to ?? from ?? '', merged(change, first, filled(change.after, change.before)));
  return true;
}

/** A row deleted before in this transaction comes back under the same key: one update. */
function revive(rows: Map<string, RowChange | undefined>, key: string, change: RowChange): boolean {
  const gone = rows.get(key);
  if (gone?.op !== 'delete' || change.before !== undefined) return false;
  rows.set(key, merged(change, gone.before, change.after));
  return true;
}

function merged(change: RowChange, before: Row | undefined, after: Row | undefined): RowChange {
  return { ...change, before, after, op: before === undefined ? 'insert' : after === undefined ? 'delete' : 'update' };
}

/** What TOAST left out of the new image stands in the old one. */
function filled(after: Row | undefined, before: Row | undefined): Row | undefined {
  if (after === undefined || before === undefined) return after;
  return Object.fromEntries(Object.entries(after).map(([c, v]) => [c, v === UNAVAILABLE ? before[c] : v]));
}
