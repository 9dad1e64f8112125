import type { SqlValue } from './footprint.js';
import { familyOf, parseText } from './types/families.js';
import { UNKNOWN, type Value } from './types/value.js';

/** Reads `$n` as a type. The text is the one that the driver sends. */
export function paramReader(values: readonly SqlValue[]): (n: number, type: string) => Value {
  const read = new Map<string, Value>();
  return (n, type) => {
    const key = `${n}:${type}`;
    const known = read.get(key);
    if (known !== undefined) return known;
    const value = readParam(values[n - 1], type);
    read.set(key, value);
    return value;
  };
}

function readParam(value: SqlValue | undefined, type: string): Value {
  if (value === null) return null;
  if (value === undefined) return UNKNOWN;
  if (typeof value === 'object') return readList(value, type);
  return parseText(type, String(value));
}

function readList(list: readonly (string | number | null)[], type: string): Value {
  if (familyOf(type) !== 'array') return UNKNOWN;
  return list.map((e) => (e === null ? null : parseText(type.slice(0, -2), String(e))));
}
