import { UNAVAILABLE, type Row, type RowChange } from '@freshet/row-change';
import type { TableFacts } from './catalog.js';
import { layoutOf } from './layout.js';

/** The value as logged; undefined where it is not known. */
export function rawOf(row: Row, column: string): unknown {
  const value = Object.hasOwn(row, column) ? row[column] : undefined;
  return value === UNAVAILABLE ? undefined : value;
}

/** What of both rows is surely true, as logged. */
export function knownRows(change: RowChange, facts: TableFacts): Pick<RowChange, 'before' | 'after'> {
  const before = change.op === 'insert' ? undefined : beforeRow(change, facts);
  const after = change.op === 'delete' ? undefined : afterRow(change, before ?? {}, facts);
  return { before, after };
}

/** Without REPLICA IDENTITY FULL only the identity's columns are values: the nulls beside them are not. */
function beforeRow({ before, after, op }: RowChange, facts: TableFacts): Row {
  const whole = facts.identity === 'full' && before !== undefined && !contradicts(before, facts);
  if (whole) return before;
  // An update that carries no old image left the identity's columns as they are.
  const source = before ?? (op === 'update' ? after : undefined) ?? {};
  return pick(
    source,
    facts.identityColumns.filter((c) => facts.identity !== 'full' || facts.primaryKey.includes(c)),
  );
}

/** A null where none can be: the image is not the whole row that the facts promise. */
function contradicts(row: Row, facts: TableFacts): boolean {
  return layoutOf(facts).required.some((c) => row[c] === null);
}

/** An unchanged TOASTed value is not logged again; the whole before image has it. */
function afterRow({ after }: RowChange, before: Row, facts: TableFacts): Row {
  const row = after ?? {};
  if (facts.identity !== 'full') return row;
  let filled: Record<string, unknown> | undefined;
  for (const c in row) if (row[c] === UNAVAILABLE && Object.hasOwn(before, c)) (filled ??= { ...row })[c] = before[c];
  return filled ?? row;
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.filter((c) => Object.hasOwn(row, c)).map((c) => [c, row[c]]));
}
