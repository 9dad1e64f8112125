import type { SchemePart } from '@freshet/cache-keys';
import { type Frame } from './compile.js';
import { type ColumnExpr, type Expr } from './expr.js';

/** One column of a tag: how it is read, and the canonical text (null is NULL). */
export interface Pin extends SchemePart {
  readonly value: string | null;
}

/** Pins that a row meets all of. */
export type Pattern = readonly Pin[];

/** Evaluates what does not depend on the row. */
export interface Bound {
  readonly frame: Frame;
  readonly taggable: ReadonlySet<string>;
}

/** The column behind casts that keep the canonical text. */
export function keyedColumn(e: Expr): ColumnExpr | undefined {
  if (e.k === 'col') return canonicalTypes(e) ? e : undefined;
  // Cast to padded text, texts that differ in trailing spaces become equal.
  if (e.k !== 'call' || !['int>numeric', 'char>text', 'same>text'].includes(e.fn) || e.type === 'bpchar')
    return undefined;
  return e.args[0] === undefined ? undefined : keyedColumn(e.args[0]);
}

function canonicalTypes(e: ColumnExpr): boolean {
  return e.coll !== 'folding';
}
