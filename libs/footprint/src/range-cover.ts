import { compile } from './compile.js';
import { columnsOf, type ColumnExpr, type Expr } from './expr.js';
import { coverReach, coverSpan } from './intervals.js';
import { type Bound, keyedColumn, type Pattern } from './pins.js';
import { ordinalLimit, ordinalOf, SPAN_LIMIT, spanOf } from './types/ordinal.js';
import { isKnown } from './types/value.js';

/** One comparison of a column with a constant: the last value that meets it is the end, or the first one. */
interface HalfRange {
  readonly column: ColumnExpr;
  readonly side: 'below' | 'above';
  readonly ordinal: number;
  /** Of numbers alone. */
  readonly span: number | undefined;
  readonly limit: number;
}

/** Comparisons with constants, by column: both ends of a range make one set of intervals. */
export function ranges(conditions: readonly Expr[], bound: Bound): readonly (readonly Pattern[])[] {
  const byColumn = new Map<string, HalfRange[]>();
  for (const half of conditions.map((c) => halfRange(c, bound))) {
    if (half === undefined) continue;
    byColumn.set(half.column.name, [...(byColumn.get(half.column.name) ?? []), half]);
  }
  return [...byColumn].map(([column, halves]) => intervalsOf(column, halves));
}

function intervalsOf(column: string, halves: readonly HalfRange[]): readonly Pattern[] {
  const spans = halves.map(({ side, span }) => ({ side, at: span ?? NaN }));
  const ordinals = halves.map(({ side, ordinal }) => ({ side, at: ordinal }));
  const closed = halves.some(({ side }) => side === 'below') && halves.some(({ side }) => side === 'above');
  const inSpans = closed && spans.every(({ at }) => !Number.isNaN(at));
  const kind = inSpans ? 'span' : 'bucket';
  const [lo, hi] = inSpans ? endsOf(spans, SPAN_LIMIT) : endsOf(ordinals, halves[0]?.limit ?? NaN);
  if (lo > hi) return [];
  const cover = closed ? coverSpan(lo, hi) : coverReach(lo, hi);
  return cover.map(({ level, index }) => [{ column, keying: { kind, level }, value: String(index) }]);
}

type Ends = readonly [lo: number, hi: number];

function endsOf(halves: readonly { side: HalfRange['side']; at: number }[], limit: number): Ends {
  const on = (of: HalfRange['side']): number[] => halves.filter(({ side }) => side === of).map(({ at }) => at);
  return [Math.max(-limit, ...on('above')), Math.min(limit - 1, ...on('below'))];
}

const FLIPPED: Readonly<Record<string, string>> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' };

function halfRange(e: Expr, bound: Bound): HalfRange | undefined {
  const op = e.k === 'call' ? /^(lt|le|gt|ge):(int|numeric|date|timestamp|timestamptz)$/.exec(e.fn)?.[1] : undefined;
  if (e.k !== 'call' || op === undefined) return undefined;
  const [a, b] = e.args as readonly [Expr, Expr];
  const flipped = columnsOf(a).length === 0;
  const [compared, other] = flipped ? [b, a] : [a, b];
  const column = keyedColumn(compared);
  const limit = ordinalLimit(compared.type);
  if (column === undefined || limit === undefined || columnsOf(other).length > 0 || !bound.taggable.has(column.name))
    return undefined;
  const value = compile(other)(bound.frame);
  const ordinal = isKnown(value) ? ordinalOf(compared.type, value) : undefined;
  if (!isKnown(value) || ordinal === undefined) return undefined;
  const side = ((flipped ? FLIPPED[op] : op) ?? '').startsWith('l') ? 'below' : 'above';
  return { column, side, ordinal, span: spanOf(compared.type, value), limit };
}
