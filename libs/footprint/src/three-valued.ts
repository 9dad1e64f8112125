import { FAILS, UNKNOWN, type Value } from './types/value.js';

/**
 * SQL's logic of true, false and null, with two more answers: UNKNOWN (one of the three, we cannot tell which) and FAILS (PostgreSQL may
 * raise an error here). False outweighs UNKNOWN under AND; nothing outweighs FAILS, for PostgreSQL may evaluate in any order.
 */
export function and3(values: readonly Value[]): Value {
  return strongest(values, [FAILS, false, UNKNOWN, null], true);
}

export function or3(values: readonly Value[]): Value {
  return strongest(values, [FAILS, true, UNKNOWN, null], false);
}

export function not3(value: Value): Value {
  return typeof value === 'boolean' ? !value : value;
}

function strongest(values: readonly Value[], order: readonly Value[], otherwise: boolean): Value {
  for (const v of order) if (values.includes(v)) return v;
  return otherwise;
}

/** A row can only count when its predicate may be true. */
export function mayHold(value: Value): boolean {
  return value === true || value === UNKNOWN || value === FAILS;
}
