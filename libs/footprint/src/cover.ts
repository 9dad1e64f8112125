import type { SchemePart } from '@freshet/cache-keys';
import { compile, type Frame } from './compile.js';
import { columnsOf, type ColumnExpr, type Expr } from './expr.js';
import { likePrefix } from './functions/like.js';
import { coverRange } from './intervals.js';
import { canonicalText } from './types/families.js';
import { ordinalLimit, ordinalOf } from './types/ordinal.js';
import { isKnown, type Value } from './types/value.js';

/** One column of a tag: how it is read, and the canonical text (null is NULL). */
export interface Pin extends SchemePart {
  readonly value: string | null;
}

/** Pins that a row meets all of. */
export type Pattern = readonly Pin[];

/** More tags than this for one table, and fewer columns are used instead. */
const MOST_PATTERNS = 128;
const MOST_PARTS = 4;

/** Evaluates what does not depend on the row. */
export interface Bound {
  readonly frame: Frame;
  readonly taggable: ReadonlySet<string>;
}

/**
 * Patterns such that every row that may satisfy the conditions meets at least one; undefined: nothing to go by, any row may. No pattern at
 * all: no row ever does.
 */
export function coverAll(conditions: readonly Expr[], bound: Bound): readonly Pattern[] | undefined {
  const flat = conditions.flatMap((c) => (c.k === 'and' ? c.args : [c]));
  const covers = flat.flatMap((c) => [cover(c, bound)]).filter((c) => c !== undefined);
  if (covers.some((c) => c.length === 0)) return [];
  const all = [...covers, ...ranges(flat, bound)].sort((a, b) => cost(a) - cost(b));
  const merged = all.reduce<readonly Pattern[] | undefined>(multiply, undefined);
  return merged;
}

/** Values before buckets and prefixes, short lists before long ones. */
function cost(patterns: readonly Pattern[]): number {
  return patterns.length + (patterns.some((p) => p.some((pin) => pin.keying.kind !== 'value')) ? MOST_PATTERNS : 0);
}

function multiply(all: readonly Pattern[] | undefined, next: readonly Pattern[]): readonly Pattern[] | undefined {
  if (all === undefined) return next.length <= MOST_PATTERNS ? next : undefined;
  const columns = new Set(all.flatMap((p) => p.map((pin) => pin.column)));
  const repeats = next.some((p) => p.some((pin) => columns.has(pin.column)));
  const tooMany = all.length * next.length > MOST_PATTERNS || columns.size + 1 > MOST_PARTS;
  return repeats || tooMany ? all : all.flatMap((a) => next.map((b) => [...a, ...b]));
}

function cover(e: Expr, bound: Bound): readonly Pattern[] | undefined {
  if (e.k === 'or') {
    const arms = e.args.map((arg) => coverAll([arg], bound));
    const union = arms.every((a) => a !== undefined) ? arms.flat() : undefined;
    return union === undefined || union.length > MOST_PATTERNS ? undefined : union;
  }
  if (e.k === 'and') return coverAll(e.args, bound);
  if (columnsOf(e).length === 0) return constant(e, bound);
  if (e.k === 'col') return values(e, [true], bound);
  return e.k === 'call' ? coverCall(e.fn, e.args, bound) : undefined;
}

function constant(e: Expr, { frame }: Bound): readonly Pattern[] | undefined {
  const value = compile(e)(frame);
  return value === false || value === null ? [] : undefined;
}

function coverCall(fn: string, args: readonly Expr[], bound: Bound): readonly Pattern[] | undefined {
  const [first, second] = args;
  if (first === undefined) return undefined;
  if (fn === 'isnull') return values(first, [null], bound);
  if (fn === 'istrue') return values(first, [true], bound);
  if (fn === 'isfalse') return values(first, [false], bound);
  if (fn === 'not') return negation(first, bound);
  if (second === undefined) return undefined;
  if (fn.startsWith('eq:')) return equality(first, second, bound, false);
  if (fn.startsWith('same:')) return equality(first, second, bound, true);
  if (fn.startsWith('any:eq:')) return list(first, second, bound);
  return fn === 'like' || fn === 'starts' ? prefix(fn, first, second, bound) : undefined;
}

function negation(e: Expr, bound: Bound): readonly Pattern[] | undefined {
  if (e.k === 'col') return values(e, [false], bound);
  const [arg] = e.k === 'call' ? e.args : [];
  if (e.k !== 'call' || arg === undefined) return undefined;
  if (e.fn === 'istrue') return values(arg, [false, null], bound);
  return e.fn === 'isfalse' ? values(arg, [true, null], bound) : undefined;
}

function equality(a: Expr, b: Expr, bound: Bound, nullsMatch: boolean): readonly Pattern[] | undefined {
  const [column, other] = columnsOf(b).length === 0 ? [a, b] : [b, a];
  if (columnsOf(other).length > 0) return undefined;
  const value = compile(other)(bound.frame);
  if (value === null && !nullsMatch) return [];
  return isKnown(value) || value === null ? values(column, [value], bound) : undefined;
}

function list(column: Expr, array: Expr, bound: Bound): readonly Pattern[] | undefined {
  if (columnsOf(array).length > 0) return undefined;
  const value = compile(array)(bound.frame);
  if (value === null) return [];
  return Array.isArray(value)
    ? values(
        column,
        (value as readonly Value[]).filter((v) => v !== null),
        bound,
      )
    : undefined;
}

function values(e: Expr, wanted: readonly Value[], bound: Bound): readonly Pattern[] | undefined {
  const column = keyedColumn(e);
  if (column === undefined || !bound.taggable.has(column.name)) return undefined;
  const patterns = [...new Set(wanted)].map((v): Pattern | undefined => {
    const value = v === null ? null : isKnown(v) ? canonicalText(e.type, v) : undefined;
    return value === undefined ? undefined : [{ column: column.name, keying: { kind: 'value' }, value }];
  });
  return patterns.every((p) => p !== undefined) ? patterns : undefined;
}

/** The column behind casts that keep the canonical text. */
function keyedColumn(e: Expr): ColumnExpr | undefined {
  if (e.k === 'col') return canonicalTypes(e) ? e : undefined;
  // Cast to padded text, texts that differ in trailing spaces become equal.
  if (e.k !== 'call' || !['int>numeric', 'char>text', 'same>text'].includes(e.fn) || e.type === 'bpchar')
    return undefined;
  return e.args[0] === undefined ? undefined : keyedColumn(e.args[0]);
}

function canonicalTypes(e: ColumnExpr): boolean {
  return e.coll !== 'folding';
}

function prefix(fn: string, column: Expr, pattern: Expr, bound: Bound): readonly Pattern[] | undefined {
  if (column.k !== 'col' || !['text', 'varchar'].includes(column.type) || columnsOf(pattern).length > 0)
    return undefined;
  const value = compile(pattern)(bound.frame);
  if (value === null) return [];
  if (typeof value !== 'string' || !bound.taggable.has(column.name) || column.coll === 'folding') return undefined;
  const fixed = [...(fn === 'like' ? likePrefix(value) : value)];
  const length = PREFIX_LENGTHS.find((n) => n <= fixed.length);
  if (length === undefined) return undefined;
  return [[{ column: column.name, keying: { kind: 'prefix', length }, value: fixed.slice(0, length).join('') }]];
}

/** Few lengths, so that a row has few tags. */
const PREFIX_LENGTHS: readonly number[] = [16, 12, 8, 6, 4, 3, 2, 1];

interface Ends {
  readonly column: ColumnExpr;
  lo: number;
  hi: number;
}

/** Comparisons with constants, by column: both ends of a range make one set of buckets. */
function ranges(conditions: readonly Expr[], bound: Bound): readonly (readonly Pattern[])[] {
  const byColumn = new Map<string, Ends>();
  for (const c of conditions) {
    const half = halfRange(c, bound);
    if (half === undefined) continue;
    const ends = byColumn.get(half.column.name) ?? half;
    byColumn.set(half.column.name, {
      column: half.column,
      lo: Math.max(ends.lo, half.lo),
      hi: Math.min(ends.hi, half.hi),
    });
  }
  return [...byColumn.values()].map(({ column, lo, hi }) =>
    lo > hi
      ? []
      : coverRange(lo, hi).map(
          ({ level, index }) =>
            [{ column: column.name, keying: { kind: 'bucket', level }, value: String(index) }] as Pattern,
        ),
  );
}

const FLIPPED: Readonly<Record<string, string>> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' };

function halfRange(e: Expr, bound: Bound): Ends | undefined {
  const op = e.k === 'call' ? /^(lt|le|gt|ge):(int|numeric|date|timestamp|timestamptz)$/.exec(e.fn)?.[1] : undefined;
  if (e.k !== 'call' || op === undefined) return undefined;
  const [a, b] = e.args as readonly [Expr, Expr];
  const flipped = columnsOf(a).length === 0;
  const [side, other] = flipped ? [b, a] : [a, b];
  const column = keyedColumn(side);
  const limit = ordinalLimit(side.type);
  if (column === undefined || limit === undefined || columnsOf(other).length > 0 || !bound.taggable.has(column.name))
    return undefined;
  const value = compile(other)(bound.frame);
  const ordinal = isKnown(value) ? ordinalOf(side.type, value) : undefined;
  if (ordinal === undefined) return undefined;
  const below = ((flipped ? FLIPPED[op] : op) ?? '').startsWith('l');
  return below ? { column, lo: -limit, hi: ordinal } : { column, lo: ordinal, hi: limit - 1 };
}
