import { UNAVAILABLE, type Row, type RowChange } from '@freshet/row-change';
import type { TableFacts } from './catalog.js';
import type { FactsOf } from './matcher.js';

/** The rows of one table, by primary key, as far as they could be followed. */
interface Followed {
  readonly facts: TableFacts | undefined;
  readonly rows: Map<string, RowChange>;
  /** The changes do not fit together, so they stay apart. */
  spoilt: boolean;
}

/**
 * Row changes of ONE transaction, those of one row made into one by primary key: what lay between was never visible. Only under REPLICA
 * IDENTITY FULL, where both images are whole; other changes stay as they are, in their place.
 */
export function coalesce(changes: readonly RowChange[], factsOf: FactsOf): readonly RowChange[] {
  if (changes.length < 2) return changes;
  const tables = new Map<string, Followed>();
  const tableOf = (change: RowChange): Followed => {
    const name = `${change.table.schema}\u0000${change.table.table}`;
    const known = tables.get(name);
    if (known !== undefined) return known;
    const made = { facts: factsOf(change.table), rows: new Map<string, RowChange>(), spoilt: false };
    tables.set(name, made);
    return made;
  };
  for (const change of changes) {
    const table = tableOf(change);
    if (!table.spoilt) table.spoilt = !follow(table, change);
  }
  const all = [...tables.values()];
  const apart = all.some(({ spoilt }) => spoilt) ? changes.filter((change) => tableOf(change).spoilt) : [];
  return [...apart, ...all.flatMap(({ spoilt, rows }) => (spoilt ? [] : [...rows.values()]))];
}

/** @returns false where the changes do not fit together, or a row cannot be told from another. */
function follow({ facts, rows }: Followed, change: RowChange): boolean {
  if (facts === undefined || !followable(change, facts)) return false;
  const from = change.before && keyOf(change.before, facts);
  const to = change.after && keyOf(change.after, facts);
  const earlier = from === undefined ? undefined : rows.get(from);
  const first = earlier === undefined ? change.before : earlier.before;
  if (from !== undefined) rows.delete(from);
  const there = to === undefined ? undefined : rows.get(to);
  if (to !== undefined && there !== undefined) return revive(rows, { key: to, there, change, first });
  // The row is gone, and it had not been there: no trace remains.
  if (to === undefined && first === undefined) return true;
  rows.set(to ?? from ?? '', merged(change, first, filled(change.after, change.before)));
  return true;
}

/** Whole images with a known key on either side. */
function followable({ op, before, after }: RowChange, facts: TableFacts): boolean {
  if (facts.identity !== 'full' || facts.kind !== 'table' || facts.primaryKey.length === 0) return false;
  return (op === 'insert' || hasKey(before, facts)) && (op === 'delete' || hasKey(after, facts));
}

function hasKey(row: Row | undefined, { primaryKey }: TableFacts): boolean {
  return (
    row !== undefined && primaryKey.every((c) => row[c] !== null && row[c] !== undefined && row[c] !== UNAVAILABLE)
  );
}

function keyOf(row: Row, { primaryKey }: TableFacts): string {
  const [first = '', ...more] = primaryKey;
  return more.length === 0 ? String(row[first]) : JSON.stringify(primaryKey.map((c) => String(row[c])));
}

interface Revival {
  readonly key: string;
  readonly there: RowChange;
  readonly change: RowChange;
  readonly first: Row | undefined;
}

/** A row deleted before in this transaction comes back under the same key: one update. */
function revive(rows: Map<string, RowChange>, { key, there, change, first }: Revival): boolean {
  if (there.op !== 'delete' || first !== undefined) return false;
  rows.set(key, merged(change, there.before, change.after));
  return true;
}

/** The change itself where nothing had to be put together. */
function merged(change: RowChange, before: Row | undefined, after: Row | undefined): RowChange {
  const op = before === undefined ? 'insert' : after === undefined ? 'delete' : 'update';
  if (before === change.before && after === change.after && op === change.op) return change;
  const { kind, table, xid, commitMs, lsn } = change;
  return { kind, table, op, before, after, xid, commitMs, lsn };
}

/** What TOAST left out of the new image stands in the old one. */
function filled(after: Row | undefined, before: Row | undefined): Row | undefined {
  if (after === undefined || before === undefined || !lacks(after)) return after;
  return Object.fromEntries(Object.entries(after).map(([c, v]) => [c, v === UNAVAILABLE ? before[c] : v]));
}

function lacks(row: Row): boolean {
  for (const name in row) if (row[name] === UNAVAILABLE) return true;
  return false;
}
