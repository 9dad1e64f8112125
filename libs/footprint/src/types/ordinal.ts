import type { TypeName } from '../catalog.js';
import { floorDecimal } from './decimal.js';
import { familyOf } from './families.js';
import { isDecimal, type Known } from './value.js';

const NUMBERS = 1 << 14;
const DAYS = 1 << 15;
const HOURS = 1 << 20;

/** The ordinals of a type lie in [-limit, limit); undefined for types without. */
export function ordinalLimit(type: TypeName): number | undefined {
  const limits: Readonly<Record<string, number>> = {
    int: NUMBERS,
    numeric: NUMBERS,
    date: DAYS,
    timestamp: HOURS,
    timestamptz: HOURS,
  };
  return limits[familyOf(type)];
}

/**
 * A whole number that never falls when the value rises, for range tags: the day of a date, the hour of an instant, and of a number its first
 * nine binary digits and its magnitude, so that a half-open range over any scale is a handful of intervals.
 */
export function ordinalOf(type: TypeName, v: Known): number | undefined {
  const limit = ordinalLimit(type);
  if (limit === undefined) return undefined;
  return Math.max(-limit, Math.min(limit - 1, raw(type, v)));
}

/** The whole parts of numbers lie in [-SPAN_LIMIT, SPAN_LIMIT), beyond which they count as the first or the last. */
export const SPAN_LIMIT = 2 ** 52;

/**
 * As `ordinalOf`, of numbers alone: the whole part. A span of any length is a few intervals of this, while from a number to no end would be
 * one for each power of two on the way.
 */
export function spanOf(type: TypeName, v: Known): number | undefined {
  if (ordinalLimit(type) !== NUMBERS) return undefined;
  if (typeof v === 'string') return v === '-Infinity' ? -SPAN_LIMIT : SPAN_LIMIT - 1;
  return Math.max(-SPAN_LIMIT, Math.min(SPAN_LIMIT - 1, Number(wholePart(v))));
}

function raw(type: TypeName, v: Known): number {
  switch (familyOf(type)) {
    case 'date':
      return Number(v);
    case 'timestamp':
    case 'timestamptz':
      return Number(floorDecimal({ digits: v as bigint, scale: 6 }) / 3600n) - ((v as bigint) < 0n ? 1 : 0);
    default:
      return numberCode(v);
  }
}

function numberCode(v: Known): number {
  if (typeof v === 'string') return v === '-Infinity' ? -NUMBERS : NUMBERS - 1;
  const whole = wholePart(v);
  return whole < 0n ? -magnitude(-whole) : magnitude(whole);
}

function wholePart(v: Known): bigint {
  return isDecimal(v) ? v.digits / 10n ** BigInt(v.scale) : (v as bigint);
}

function magnitude(n: bigint): number {
  const bits = n.toString(2).length;
  if (bits <= 8) return Number(n);
  if (bits > 64) return NUMBERS - 2;
  return 256 * (bits - 8) + Number((n >> BigInt(bits - 9)) & 255n);
}
