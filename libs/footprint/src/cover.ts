import { compile } from './compile.js';
import { columnsOf, type Expr } from './expr.js';
import { likePrefix } from './functions/like.js';
import { type Bound, keyedColumn, type Pattern } from './pins.js';
import { ranges } from './range-cover.js';
import { canonicalText } from './types/families.js';
import { isKnown, type Value } from './types/value.js';

/** More tags than this for one table, and fewer columns are used instead. */
const MOST_PATTERNS = 128;
const MOST_PARTS = 4;

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
