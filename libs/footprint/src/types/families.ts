import type { TypeName } from '../catalog.js';
import { parseArrayText } from './array-text.js';
import { compareDecimals, decimalKey, parseDecimal } from './decimal.js';
import { Json, jsonEqual, parseJson } from './json.js';
import { trimBlanks } from './blanks.js';
import { boundType, parseRange, Range } from './range.js';
import { parseDate, parseInstant, parseInterval, parseTime, parseTimestamp } from './time.js';
import { UNKNOWN, isKnown, type Decimal, type Known, type Value } from './value.js';

/** Types that compare with one another by the same rule. `raw`: no rule known but that equal texts are equal values. */
export type Family =
  | 'int'
  | 'numeric'
  | 'float'
  | 'text'
  | 'char'
  | 'bool'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'time'
  | 'interval'
  | 'uuid'
  | 'bytea'
  | 'enum'
  | 'jsonb'
  | 'range'
  | 'array'
  | 'raw';

const FAMILIES: Readonly<Record<TypeName, Family>> = {
  int2: 'int', int4: 'int', int8: 'int', numeric: 'numeric', float4: 'float', float8: 'float', text: 'text', varchar: 'text',
  bpchar: 'char', bool: 'bool', date: 'date', timestamp: 'timestamp', timestamptz: 'timestamptz', time: 'time', interval: 'interval',
  uuid: 'uuid', bytea: 'bytea', jsonb: 'jsonb', int4range: 'range', int8range: 'range', daterange: 'range',
}; // prettier-ignore

export function familyOf(type: TypeName): Family {
  if (type.endsWith('[]')) return 'array';
  return type.startsWith('enum:') ? 'enum' : (FAMILIES[type] ?? 'raw');
}

/** Types whose equality is identity: whatever holds of a value holds of all equal ones. */
export function equalityIsIdentity(type: TypeName): boolean {
  return !['numeric', 'float', 'char', 'interval', 'jsonb', 'range', 'array', 'raw'].includes(familyOf(type));
}

const INT_LIMITS: Readonly<Record<TypeName, bigint>> = { int2: 1n << 15n, int4: 1n << 31n, int8: 1n << 63n };

/** An input text of a type, as PostgreSQL reads it; UNKNOWN for what it may read in ways of its own. */
export function parseText(type: TypeName, text: string): Value {
  return PARSERS[familyOf(type)](text, type) ?? UNKNOWN;
}

const PARSERS: Readonly<Record<Family, (text: string, type: TypeName) => Known | undefined>> = {
  int: parseInteger,
  numeric: parseDecimal,
  float: (text, type) => parseFloatText(text, type),
  text: (text) => text,
  char: (text) => text,
  bool: (text) => BOOLEANS.get(trimBlanks(text).toLowerCase()),
  date: parseDate,
  timestamp: parseTimestamp,
  timestamptz: parseInstant,
  time: parseTime,
  interval: parseInterval,
  uuid: parseUuid,
  bytea: parseBytea,
  enum: (text) => text,
  jsonb: parseJson,
  range: (text, type) => parseRange(text, (t) => parseText(boundType(type) ?? 'int8', t)),
  array: (text, type) => parseArrayText(text)?.map((e) => (e === null ? null : parseText(type.slice(0, -2), e))),
  raw: (text) => text,
};

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'true', 'yes', 'y', 'on', '1'].map((text) => [text, true] as const),
  ...['f', 'false', 'no', 'n', 'off', '0'].map((text) => [text, false] as const),
]);

function parseInteger(text: string, type: TypeName): bigint | undefined {
  const t = trimBlanks(text);
  if (!/^[+-]?\d+$/.test(t)) return undefined;
  const n = BigInt(t.replace('+', ''));
  const limit = INT_LIMITS[type] ?? 1n << 63n;
  return n >= -limit && n < limit ? n : undefined;
}

function parseFloatText(text: string, type: TypeName): number | undefined {
  const d = parseDecimal(text);
  if (d === undefined) return undefined;
  if (typeof d === 'string') return Number(d);
  const n = type === 'float4' ? Math.fround(Number(text)) : Number(text);
  // Too large or too small for the type: PostgreSQL refuses it.
  return Number.isFinite(n) && (n !== 0 || d.digits === 0n) ? n : undefined;
}

function parseUuid(text: string): string | undefined {
  const digits = text.replace(/^\{(.*)\}$/, '$1');
  return /^([0-9a-f]{4}-?){7}[0-9a-f]{4}$/i.test(digits) ? digits.replaceAll('-', '').toLowerCase() : undefined;
}

function parseBytea(text: string): string | undefined {
  if (text.startsWith('\\x')) return /^([0-9a-f]{2})*$/i.test(text.slice(2)) ? text.slice(2).toLowerCase() : undefined;
  const bytes: number[] = [];
  for (const m of text.matchAll(/\\(\d{3})|(\\\\)|([^\\])|(\\)/gu)) {
    if (m[4] !== undefined) return undefined;
    if (m[1] !== undefined) bytes.push(parseInt(m[1], 8));
    else bytes.push(...new TextEncoder().encode(m[3] ?? '\\'));
  }
  return bytes.map((b) => b.toString(16).padStart(2, '0')).join('');
}

/** Equality by the rules of the family; undefined where it is not known. */
export function equalValues(family: Family, a: Known, b: Known): boolean | undefined {
  if (family === 'raw') return a === b ? true : undefined;
  if (family === 'array') return equalArrays(a as readonly Value[], b as readonly Value[]);
  if (a instanceof Json && b instanceof Json) return jsonEqual(a.node, b.node);
  if (a instanceof Range && b instanceof Range) return a.key() === b.key();
  if (family === 'enum' || family === 'text') return a === b;
  return compareValues(family, a, b) === 0;
}

/** The order of the family: negative, zero, positive. Not for text, enums, arrays: those need more than the values. */
export function compareValues(family: Family, a: Known, b: Known): number | undefined {
  if (family === 'numeric') return compareDecimals(a as Decimal | string, b as Decimal | string);
  if (family === 'float') return compareFloats(a as number, b as number);
  if (family === 'char') return trimmed(a) === trimmed(b) ? 0 : undefinedOrder(a, b);
  if (['text', 'enum', 'array', 'jsonb', 'range', 'raw'].includes(family)) return undefined;
  return a === b ? 0 : (a as bigint) < (b as bigint) ? -1 : 1;
}

/** Not equal, and which comes first is the collation's affair. */
function undefinedOrder(_a: Known, _b: Known): number {
  return Number.NaN;
}

function trimmed(v: Known): string {
  return (v as string).replace(/ +$/, '');
}

function compareFloats(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

function equalArrays(a: readonly Value[], b: readonly Value[]): boolean | undefined {
  if (a.length !== b.length) return false;
  let sure: boolean | undefined = true;
  for (const [i, x] of a.entries()) {
    const y = b[i] as Value;
    const same = isKnown(x) && isKnown(y) ? equalElements(x, y) : x === UNKNOWN || y === UNKNOWN ? undefined : x === y;
    if (same === false) return false;
    sure = same === undefined ? undefined : sure;
  }
  return sure;
}

/** The values tell their family well enough, but for padded text, which no array of ours holds. */
function equalElements(x: Known, y: Known): boolean | undefined {
  if (typeof x === 'object' && typeof y === 'object' && 'digits' in x && 'digits' in y)
    return compareDecimals(x, y) === 0;
  if (typeof x === 'number' && typeof y === 'number') return compareFloats(x, y) === 0;
  if (typeof x === 'object' || typeof y === 'object') return undefined;
  return x === y;
}

/** The text that all equal values of a type share, for tags; undefined for types that have none. */
export function canonicalText(type: TypeName, v: Known): string | undefined {
  switch (familyOf(type)) {
    case 'numeric':
      return decimalKey(v as Decimal | string);
    case 'char':
      return trimmed(v);
    case 'bool':
      return v === true ? 't' : 'f';
    case 'int':
    case 'text':
    case 'date':
    case 'timestamp':
    case 'timestamptz':
    case 'time':
    case 'uuid':
    case 'enum': // prettier-ignore
      return typeof v === 'string' ? v : (v as bigint).toString();
    default:
      return undefined;
  }
}
