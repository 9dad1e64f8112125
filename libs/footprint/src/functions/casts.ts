import { floorDecimal, parseDecimal, roundDecimal } from '../types/decimal.js';
import { parseText } from '../types/families.js';
import { DAY, INFINITY } from '../types/time.js';
import { FAILS, UNKNOWN, isDecimal, type Decimal, type Value } from '../types/value.js';
import type { Strict, Table } from './table.js';

const INT_LIMITS = { int2: 1n << 15n, int4: 1n << 31n, int8: 1n << 63n };

function toInt(limit: bigint): Strict {
  return (v: bigint | Decimal | string | number) => {
    const n =
      typeof v === 'bigint'
        ? v
        : isDecimal(v)
          ? roundDecimal(v, 0).digits
          : typeof v === 'number'
            ? roundEven(v)
            : FAILS;
    return typeof n === 'bigint' && n >= -limit && n < limit ? n : FAILS;
  };
}

function roundEven(n: number): bigint | typeof FAILS {
  if (!Number.isFinite(n)) return FAILS;
  const floor = Math.floor(n);
  const up = n - floor > 0.5 || (n - floor === 0.5 && floor % 2 !== 0);
  return BigInt(up ? floor + 1 : floor);
}

export function decimalText(d: Decimal): string {
  const digits = String(d.digits < 0n ? -d.digits : d.digits).padStart(d.scale + 1, '0');
  const text = d.scale === 0 ? digits : `${digits.slice(0, -d.scale)}.${digits.slice(-d.scale)}`;
  return d.digits < 0n ? `-${text}` : text;
}

function dateText(days: bigint): Value {
  if (days >= INFINITY || days <= -INFINITY) return days > 0n ? 'infinity' : '-infinity';
  const text = new Date(Number(days) * 86_400_000).toISOString();
  return /^\d{4}-/.test(text) ? text.slice(0, 10) : UNKNOWN;
}

function uuidText(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function startOfDay(days: bigint): bigint {
  return days >= INFINITY || days <= -INFINITY ? days : days * DAY;
}

function dayOf(micros: bigint): bigint {
  if (micros >= INFINITY || micros <= -INFINITY) return micros;
  return floorDecimal({ digits: micros, scale: 0 }) >= 0n ? micros / DAY : -((-micros + DAY - 1n) / DAY);
}

/** A text that PostgreSQL may refuse, or may read in ways that we do not follow. */
function parsed(type: string): Strict {
  return (t: string) => {
    const v = parseText(type, t);
    return v === UNKNOWN ? FAILS : v;
  };
}

/** To numeric(precision, scale): what has more digits before the point fails. */
function toScale(d: Decimal | string, scale: bigint, precision: bigint): Value {
  if (!isDecimal(d)) return d === 'NaN' ? d : FAILS;
  if (scale < 0n || scale > precision) return FAILS;
  const rounded = roundDecimal(d, Number(scale));
  const size = rounded.digits < 0n ? -rounded.digits : rounded.digits;
  return size < 10n ** precision ? rounded : FAILS;
}

const strict: Readonly<Record<string, Strict>> = {
  'int>numeric': (n: bigint) => ({ digits: n, scale: 0 }),
  'int>float': (n: bigint) => Number(n),
  'numeric>float': (d: Decimal | string) => Number(isDecimal(d) ? decimalText(d) : d),
  'float>float4': (n: number) => Math.fround(n),
  '>int2': toInt(INT_LIMITS.int2),
  '>int4': toInt(INT_LIMITS.int4),
  '>int8': toInt(INT_LIMITS.int8),
  'int>text': (n: bigint) => String(n),
  'numeric>text': (d: Decimal | string) => (isDecimal(d) ? decimalText(d) : d),
  'bool>text': (b: boolean) => String(b),
  'date>text': dateText,
  'uuid>text': uuidText,
  'char>text': (t: string) => t.replace(/ +$/, ''),
  'same>text': (t: string) => t,
  'date>timestamp': startOfDay,
  'timestamp>date': dayOf,
  'numeric>scale': toScale,
  'text>length': (t: string, n: bigint) => [...t].slice(0, Number(n)).join(''),
  'text>int2': parsed('int2'),
  'text>int4': parsed('int4'),
  'text>int8': parsed('int8'),
  'text>numeric': (t: string) => parseDecimal(t) ?? FAILS,
  'text>float8': parsed('float8'),
  'text>bool': parsed('bool'),
  'text>date': parsed('date'),
  'text>timestamp': parsed('timestamp'),
  'text>timestamptz': parsed('timestamptz'),
  'text>uuid': parsed('uuid'),
  'text>jsonb': parsed('jsonb'),
};

export const casts: Table = { strict, lenient: {} };
