import { trimBlanks } from './blanks.js';
import type { Decimal } from './value.js';

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;

export function parseDecimal(written: string): Decimal | string | undefined {
  const text = trimBlanks(written);
  if (/^nan$/i.test(text)) return 'NaN';
  const infinity = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinity) return infinity[1] === '-' ? '-Infinity' : 'Infinity';
  const m = NUMBER.exec(text);
  if (m === null || `${m[2] ?? ''}${m[3] ?? ''}` === '') return undefined;
  const fraction = m[3] ?? '';
  const digits = BigInt(`${m[2] ?? ''}${fraction}`) * (m[1] === '-' ? -1n : 1n);
  const scale = fraction.length - Number(m[4] ?? 0);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** PostgreSQL's order: NaN above everything, equal to itself. */
export function compareDecimals(a: Decimal | string, b: Decimal | string): number {
  if (typeof a === 'string' || typeof b === 'string') return rank(a) - rank(b);
  const scale = Math.max(a.scale, b.scale);
  const [x, y] = [atScale(a, scale), atScale(b, scale)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function rank(v: Decimal | string): number {
  if (typeof v !== 'string') return 0;
  return v === 'NaN' ? 2 : v === 'Infinity' ? 1 : -1;
}

export function atScale(d: Decimal, scale: number): bigint {
  return d.digits * 10n ** BigInt(scale - d.scale);
}

/** Without trailing zeros, so that 1.0 and 1.00 share a tag. */
export function decimalKey(v: Decimal | string): string {
  if (typeof v === 'string') return v;
  let { digits, scale } = v;
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  if (scale === 0) return String(digits);
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  return `${digits < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** Half away from zero, as PostgreSQL rounds numeric. */
export function roundDecimal(d: Decimal, scale: number): Decimal {
  if (scale >= d.scale) return { digits: atScale(d, scale), scale };
  const unit = 10n ** BigInt(d.scale - scale);
  const half = d.digits < 0n ? -(unit / 2n) : unit / 2n;
  return { digits: (d.digits + half) / unit, scale };
}

/** The largest integer that is not above. */
export function floorDecimal(d: Decimal): bigint {
  const unit = 10n ** BigInt(d.scale);
  const quotient = d.digits / unit;
  return d.digits % unit !== 0n && d.digits < 0n ? quotient - 1n : quotient;
}
