import type { Json } from './json.js';
import type { Range } from './range.js';

/** The value is not known, or what computes it is not understood. In a predicate: may be true. */
export const UNKNOWN: unique symbol = Symbol('unknown');
/** PostgreSQL may fail on this row; a failing statement is a changed answer, so no other condition can outweigh it. */
export const FAILS: unique symbol = Symbol('fails');

/** numeric: digits × 10^-scale. Its other values are texts: NaN, Infinity, -Infinity. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/**
 * A value at run time. bigint: integers, dates (days), times and instants (microseconds), intervals; number: floats; string: texts, uuids and
 * bytea (hex), labels of enums, special values of numeric, and the text of every type without rules of its own.
 */
export type Value = null | Known | typeof UNKNOWN | typeof FAILS;
export type Known = boolean | bigint | number | string | Decimal | Json | Range | readonly Value[];

export function isKnown(v: Value): v is Known {
  return v !== null && v !== UNKNOWN && v !== FAILS;
}

export function isDecimal(v: Value): v is Decimal {
  return typeof v === 'object' && v !== null && 'digits' in v;
}
