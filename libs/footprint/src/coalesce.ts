import { ImageColumns, UNAVAILABLE, type Row, type RowChange, type TableRef } from '@freshet/row-change';
import type { TableFacts } from './catalog.js';
import type { FactsOf } from './matcher.js';

/** The rows of one table, by primary key, as far as they could be followed. */
interface Followed {
  /** How the key of an image reads; undefined where rows cannot be followed at all. */
  readonly keyOf: KeyOf | undefined;
  readonly rows: Map<string, RowChange>;
  /** The changes do not fit together, so they stay apart. */
  spoilt: boolean;
}

/** Undefined where the key is not known as a whole. */
type KeyOf = (change: RowChange, side: 'before' | 'after') => string | undefined;

/**
 * Row changes of ONE transaction, those of one row made into one by primary key: what lay between was never visible. Only under REPLICA
 * IDENTITY FULL, where both images are whole; other changes stay as they are, in their place. The result is as long as what was given
 * only where nothing was put together.
 */
export function coalesce(changes: readonly RowChange[], factsOf: FactsOf): readonly RowChange[] {
  if (changes.length < 2) return changes;
  const tableOf = followedTables(factsOf);
  for (const change of changes) {
    const table = tableOf.of(change);
    if (!table.spoilt) table.spoilt = !follow(table, change);
  }
  const all = tableOf.all();
  const apart = all.some(({ spoilt }) => spoilt) ? changes.filter((change) => tableOf.of(change).spoilt) : [];
  return [...apart, ...all.flatMap(({ spoilt, rows }) => (spoilt ? [] : [...rows.values()]))];
}

function followedTables(factsOf: FactsOf) {
  const tables = new Map<string, Followed>();
  let last: { readonly ref: TableRef; readonly table: Followed } | undefined;
  const of = ({ table: ref }: RowChange): Followed => {
    // Changes of one table come in runs.
    if (last?.ref === ref) return last.table;
    const name = `${ref.schema}\u0000${ref.table}`;
    let table = tables.get(name);
    if (table === undefined) {
      table = { keyOf: keyReader(factsOf(ref)), rows: new Map<string, RowChange>(), spoilt: false };
      tables.set(name, table);
    }
    last = { ref, table };
    return table;
  };
  return { of, all: () => [...tables.values()] };
}

/** Whole images with a known key on either side. */
function keyReader(facts: TableFacts | undefined): KeyOf | undefined {
  if (facts === undefined || facts.identity !== 'full' || facts.kind !== 'table' || facts.primaryKey.length === 0)
    return undefined;
  const key = keyColumns(facts);
  return (change, side) => {
    const values = key.read(change, side);
    if (values === undefined || values === 'torn') return undefined;
    if (values.some((value) => value === null || value === undefined || value === UNAVAILABLE)) return undefined;
    return values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String));
  };
}

const known = new WeakMap<TableFacts, ImageColumns>();

function keyColumns(facts: TableFacts): ImageColumns {
  const found = known.get(facts);
  if (found !== undefined) return found;
  const made = new ImageColumns(facts.primaryKey, []);
  known.set(facts, made);
  return made;
}

/** @returns false where the changes do not fit together, or a row cannot be told from another. */
function follow({ keyOf, rows }: Followed, change: RowChange): boolean {
  if (keyOf === undefined) return false;
  const { op } = change;
  const from = op === 'insert' ? undefined : keyOf(change, 'before');
  const to = op === 'delete' ? undefined : keyOf(change, 'after');
  if ((op !== 'insert' && from === undefined) || (op !== 'delete' && to === undefined)) return false;
  const earlier = from === undefined ? undefined : rows.get(from);
  if (earlier !== undefined) rows.delete(from ?? '');
  const there = to === undefined ? undefined : rows.get(to);
  // Most rows change once: nobody has to read their images for that.
  if (earlier === undefined && there === undefined) {
    rows.set(to ?? from ?? '', change);
    return true;
  }
  const first = earlier === undefined ? change.before : earlier.before;
  if (to !== undefined && there !== undefined) return revive(rows, { key: to, there, change, first });
  // The row is gone, and it had not been there: no trace remains.
  if (to === undefined && first === undefined) return true;
  rows.set(to ?? from ?? '', merged(change, first, filled(change.after, change.before)));
  return true;
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
