import { FAILS, UNKNOWN, isDecimal, type Decimal, type Known, type Value } from '../types/value.js';
import { compareDecimals } from '../types/decimal.js';
import { not3 } from '../three-valued.js';
import type { Lenient, Table } from './table.js';

function known(test: (v: Value) => boolean): Lenient {
  return ([v]) => (v === UNKNOWN || v === FAILS ? v : test(v ?? null));
}

const lenient: Readonly<Record<string, Lenient>> = {
  not: ([v]) => not3(v ?? null),
  isnull: known((v) => v === null),
  istrue: known((v) => v === true),
  isfalse: known((v) => v === false),
  list: (values) => values,
  coalesce: (values) => {
    const at = values.findIndex((v) => v !== null);
    return values[at] === UNKNOWN ? uncertain(values.slice(at)) : (values[at] ?? null);
  },
  nullif: ([a, equal]) => (equal === true ? null : equal === UNKNOWN || equal === FAILS ? equal : (a ?? null)),
  /** condition, value, condition, value, …, else */
  case: (values) => {
    for (let i = 0; i + 1 < values.length; i += 2) {
      const condition = values[i];
      if (condition === FAILS) return FAILS;
      if (condition === UNKNOWN) return uncertain(values.slice(i));
      if (condition === true) return values[i + 1] ?? null;
    }
    return values.at(-1) ?? null;
  },
  greatest: (values) => extreme(values, 1),
  least: (values) => extreme(values, -1),
};

/** Which of these is computed is not known: one that fails may be. */
function uncertain(values: readonly Value[]): Value {
  return values.includes(FAILS) ? FAILS : UNKNOWN;
}

/** GREATEST and LEAST overlook nulls. Numbers and dates only: texts have no order that we know. */
function extreme(values: readonly Value[], sign: number): Value {
  if (values.includes(FAILS)) return FAILS;
  if (values.includes(UNKNOWN)) return UNKNOWN;
  const known = values.filter((v): v is Known => v !== null);
  return known.reduce<Known | null>((best, v) => (best === null || order(v, best) * sign > 0 ? v : best), null);
}

function order(a: Known, b: Known): number {
  if (isDecimal(a) || isDecimal(b)) return compareDecimals(a as Decimal | string, b as Decimal | string);
  return a === b ? 0 : (a as bigint) < (b as bigint) ? -1 : 1;
}

export const logic: Table = { strict: {}, lenient };
