import { UNAVAILABLE } from '@freshet/row-change';
import type { TypeName } from '../catalog.js';
import { familyOf, parseText } from './families.js';
import { UNKNOWN, type Value } from './value.js';

/**
 * A column of a row image, in PostgreSQL's text form or as Debezium writes it (decimal.handling.mode=string, time.precision.mode=isostring).
 * What is not surely one of the two is not known. An absent column (undefined) is not known either.
 */
export function fromLog(type: TypeName, raw: unknown): Value {
  if (raw === null) return null;
  if (raw === undefined || raw === UNAVAILABLE) return UNKNOWN;
  const family = familyOf(type);
  if (typeof raw === 'string')
    return family === 'bytea' && !raw.startsWith('\\x') ? fromBase64(raw) : parseText(type, raw);
  if (typeof raw === 'boolean') return family === 'bool' ? raw : UNKNOWN;
  if (typeof raw === 'number') return fromNumber(type, raw);
  if (typeof raw === 'bigint') return family === 'int' ? raw : UNKNOWN;
  // Of arrays in arrays the dimensions are not followed.
  if (Array.isArray(raw) && family === 'array' && !raw.some(Array.isArray))
    return raw.map((element) => fromLog(type.slice(0, -2), element));
  return UNKNOWN;
}

function fromNumber(type: TypeName, raw: number): Value {
  const family = familyOf(type);
  if (family === 'float') return type === 'float4' ? Math.fround(raw) : raw;
  // Beyond 2^53 JSON.parse has rounded: which integer it was is lost.
  return family === 'int' && Number.isSafeInteger(raw) ? BigInt(raw) : UNKNOWN;
}

function fromBase64(raw: string): Value {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(raw)) return UNKNOWN;
  return Buffer.from(raw, 'base64').toString('hex');
}
