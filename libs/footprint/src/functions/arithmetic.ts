import { atScale, floorDecimal, roundDecimal } from '../types/decimal.js';
import { INFINITY } from '../types/time.js';
import { FAILS, UNKNOWN, type Decimal, type Value } from '../types/value.js';
import type { Strict, Table } from './table.js';

const LIMITS: readonly (readonly [string, bigint])[] = [
  ['int2', 1n << 15n],
  ['int4', 1n << 31n],
  ['int8', 1n << 63n],
];

const strict: Record<string, Strict> = {};
for (const [type, limit] of LIMITS) {
  const fit = (n: bigint): Value => (n >= -limit && n < limit ? n : FAILS);
  strict[`add:${type}`] = (a: bigint, b: bigint) => fit(a + b);
  strict[`sub:${type}`] = (a: bigint, b: bigint) => fit(a - b);
  strict[`mul:${type}`] = (a: bigint, b: bigint) => fit(a * b);
  strict[`div:${type}`] = (a: bigint, b: bigint) => (b === 0n ? FAILS : fit(a / b));
  strict[`mod:${type}`] = (a: bigint, b: bigint) => (b === 0n ? FAILS : a % b);
  strict[`neg:${type}`] = (a: bigint) => fit(-a);
  strict[`abs:${type}`] = (a: bigint) => fit(a < 0n ? -a : a);
}

type Number10 = Decimal | string;

/** NaN and the infinities of numeric have an arithmetic of their own, which is not worth repeating here. */
function plain(run: (a: Decimal, b: Decimal) => Value): Strict {
  return (a: Number10, b: Number10) => (typeof a === 'string' || typeof b === 'string' ? UNKNOWN : run(a, b));
}

function one(run: (a: Decimal) => Value): Strict {
  return (a: Number10) => (typeof a === 'string' ? UNKNOWN : run(a));
}

function common(run: (a: bigint, b: bigint) => bigint): Strict {
  return plain((a, b) => {
    const scale = Math.max(a.scale, b.scale);
    return { digits: run(atScale(a, scale), atScale(b, scale)), scale };
  });
}

Object.assign(strict, {
  'add:numeric': common((a, b) => a + b),
  'sub:numeric': common((a, b) => a - b),
  'mul:numeric': plain((a, b) => ({ digits: a.digits * b.digits, scale: a.scale + b.scale })),
  // The scale of a quotient follows rules of its own.
  'div:numeric': plain((_a, b) => (b.digits === 0n ? FAILS : UNKNOWN)),
  'mod:numeric': plain((a, b) => {
    const scale = Math.max(a.scale, b.scale);
    return b.digits === 0n ? FAILS : { digits: atScale(a, scale) % atScale(b, scale), scale };
  }),
  'neg:numeric': one((a) => ({ ...a, digits: -a.digits })),
  'abs:numeric': one((a) => ({ ...a, digits: a.digits < 0n ? -a.digits : a.digits })),
  'floor:numeric': one((a) => ({ digits: floorDecimal(a), scale: 0 })),
  'ceil:numeric': one((a) => ({ digits: -floorDecimal({ ...a, digits: -a.digits }), scale: 0 })),
  'round:numeric': one((a) => roundDecimal(a, 0)),
  'add:float': finite((a, b) => a + b),
  'sub:float': finite((a, b) => a - b),
  'mul:float': finite((a, b) => a * b),
  'div:float': (a: number, b: number) => (b === 0 ? FAILS : quotient(a, b)),
  'neg:float': (a: number) => -a,
  'abs:float': (a: number) => Math.abs(a),
  'add:date': finiteDay((a, n) => a + n),
  'sub:date': finiteDay((a, n) => a - n),
  'days:date': finiteDay((a, b) => a - b),
} satisfies Record<string, Strict>);

/** Infinite dates stay infinite, or fail: neither is counted in days. */
function finiteDay(run: (a: bigint, b: bigint) => bigint): Strict {
  const infinite = (d: bigint) => d >= INFINITY || d <= -INFINITY;
  return (a: bigint, b: bigint) => (infinite(a) || infinite(b) ? UNKNOWN : run(a, b));
}

/** Overflow and underflow raise errors in PostgreSQL. */
function finite(run: (a: number, b: number) => number): (a: number, b: number) => Value {
  return (a: number, b: number) => {
    const r = run(a, b);
    return Number.isFinite(r) && (r !== 0 || a === 0 || b === 0 || a === b || a === -b) ? r : UNKNOWN;
  };
}

const quotient = finite((a, b) => a / b);

export const arithmetic: Table = { strict, lenient: {} };
