import type { A_Const } from 'libpg-query';
import { UNKNOWN_TYPE, type Expr } from './expr.js';

/** A constant as it is written. Texts have no type until their place gives them one. */
export function constant(c: A_Const): Expr {
  if (c.isnull === true) return { k: 'const', value: null, type: UNKNOWN_TYPE };
  if (c.boolval !== undefined) return { k: 'const', value: c.boolval.boolval === true ? 't' : 'f', type: 'bool' };
  if (c.ival !== undefined) return { k: 'const', value: String(c.ival.ival ?? 0), type: 'int4' };
  if (c.fval !== undefined) return number(c.fval.fval ?? '0');
  if (c.bsval !== undefined) return { k: 'const', value: c.bsval.bsval ?? '', type: 'other:bit' };
  return { k: 'const', value: c.sval?.sval ?? '', type: UNKNOWN_TYPE };
}

function number(text: string): Expr {
  const whole = /^\d+$/.test(text) && BigInt(text) < 1n << 63n;
  return { k: 'const', value: text, type: whole ? 'int8' : 'numeric' };
}
