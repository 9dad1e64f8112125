import { compareValues, equalValues, type Family } from '../types/families.js';
import { FAILS, UNKNOWN, isKnown, type Known, type Value } from '../types/value.js';
import { and3, or3 } from '../three-valued.js';
import type { Lenient, Strict, Table } from './table.js';

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

const FAMILIES: readonly Family[] = [
  'int', 'numeric', 'float', 'text', 'char', 'bool', 'date', 'timestamp', 'timestamptz', 'time', 'interval', 'uuid', 'bytea', 'enum', 'jsonb', 'range',
  'array', 'raw',
]; // prettier-ignore

const SIGNS: Readonly<Record<Exclude<Comparison, 'eq' | 'ne'>, (sign: number) => boolean>> = {
  lt: (s) => s < 0,
  le: (s) => s <= 0,
  gt: (s) => s > 0,
  ge: (s) => s >= 0,
};

type Compare = (a: Known, b: Known) => Value;

function equality(family: Family): Compare {
  return (a, b) => equalValues(family, a, b) ?? UNKNOWN;
}

function order(family: Family, test: (sign: number) => boolean): Compare {
  return (a, b) => signed(compareValues(family, a, b), test);
}

function signed(sign: number | undefined, test: (sign: number) => boolean): Value {
  return sign === undefined || Number.isNaN(sign) ? UNKNOWN : test(sign);
}

function negated(compare: Compare): Compare {
  return (a, b) => {
    const v = compare(a, b);
    return typeof v === 'boolean' ? !v : v;
  };
}

/** Texts under C: by code points, which is the order of their UTF-8 bytes. */
function compareBytes(a: Known, b: Known): number {
  return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
}

const comparisons: Record<string, Compare> = {};
for (const family of FAMILIES) {
  comparisons[`eq:${family}`] = equality(family);
  comparisons[`ne:${family}`] = negated(equality(family));
  for (const [op, test] of Object.entries(SIGNS)) comparisons[`${op}:${family}`] = order(family, test);
}
for (const [op, test] of Object.entries(SIGNS)) comparisons[`${op}:bytes`] = (a, b) => test(compareBytes(a, b));

const lenient: Record<string, Lenient> = {};
for (const [name, compare] of Object.entries(comparisons)) {
  lenient[`any:${name}`] = ([x, list]) => overElements(compare, x ?? null, list ?? null, or3);
  lenient[`all:${name}`] = ([x, list]) => overElements(compare, x ?? null, list ?? null, and3);
}
for (const family of FAMILIES) lenient[`same:${family}`] = ([a, b]) => same(equality(family), a ?? null, b ?? null);

/** IS NOT DISTINCT FROM. */
function same(compare: Compare, a: Value, b: Value): Value {
  if (a === FAILS || b === FAILS) return FAILS;
  if (a === UNKNOWN || b === UNKNOWN) return UNKNOWN;
  return a === null || b === null ? a === b : compare(a, b);
}

function overElements(compare: Compare, x: Value, list: Value, combine: (values: readonly Value[]) => Value): Value {
  if (x === FAILS || list === FAILS) return FAILS;
  if (list === null || list === UNKNOWN) return list;
  return combine((list as readonly Value[]).map((y) => strictly(compare, x, y)));
}

function strictly(compare: Compare, x: Value, y: Value): Value {
  if (y === FAILS) return FAILS;
  if (x === null || y === null) return null;
  return isKnown(x) && isKnown(y) ? compare(x, y) : UNKNOWN;
}

/** Enums: by the order of their labels, which travel as a third argument. */
function enumOrder(test: (sign: number) => boolean): Strict {
  return (a: string, b: string, labels: readonly string[]) => {
    const [i, j] = [labels.indexOf(a), labels.indexOf(b)];
    return i < 0 || j < 0 ? UNKNOWN : test(i - j);
  };
}

export const comparison: Table = {
  strict: {
    ...(comparisons as Record<string, Strict>),
    ...Object.fromEntries(Object.entries(SIGNS).map(([op, test]) => [`${op}:enum`, enumOrder(test)])),
  },
  lenient,
};
