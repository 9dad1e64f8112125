import { asText } from './builtins.js';
import type { TypeName } from './catalog.js';
import { containerOperator } from './container-operators.js';
import { UNKNOWN_TYPE, call, opaque, risky, type Expr } from './expr.js';
import { patternMatch } from './patterns.js';
import { collationOf, type Typing } from './typing.js';
import { familyOf } from './types/families.js';

export const COMPARISONS: Readonly<Record<string, string>> = {
  '=': 'eq',
  '<>': 'ne',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};
const ARITHMETIC: Readonly<Record<string, string>> = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '%': 'mod' };
/** `a op b` by the operator's name and the types; what is not followed is opaque, with a type where it is sure. */
export function binary(t: Typing, op: string, a: Expr, b: Expr): Expr {
  const comparison = COMPARISONS[op];
  if (comparison !== undefined) return t.compare(comparison, a, b);
  return (
    patternMatch(t, op, a, b) ??
    (op === '||' ? concat(t, a, b) : undefined) ??
    arithmetic(t, op, a, b) ??
    containerOperator(t, op, a, b) ??
    unfollowed(op, [t.current(a), t.current(b)])
  );
}

export function unary(t: Typing, op: string, a: Expr): Expr {
  const e = t.current(a);
  if (op === '+' && NUMBERS.includes(familyOf(e.type))) return e;
  if (op !== '-') return risky(op, [e]);
  if (e.k === 'const' && e.value !== null && NUMBERS.includes(familyOf(e.type)))
    return { ...e, value: e.value.startsWith('-') ? e.value.slice(1) : `-${e.value}` };
  const family = familyOf(e.type);
  if (family === 'int') return call(`neg:${e.type}`, [e], e.type);
  return family === 'numeric' || family === 'float' ? call(`neg:${family}`, [e], e.type) : opaque(op, [e], e.type);
}

const NUMBERS: readonly string[] = ['int', 'numeric', 'float'];

/** Operators that give an answer for all values of their types; times past the end of time are left out of account. */
const CALM_OPERATORS = new Set([
  '@>',
  '<@',
  '&&',
  '?',
  '?|',
  '?&',
  '->',
  '->>',
  '#>',
  '#>>',
  '||',
  '@@',
  '<<',
  '>>',
  '&<',
  '&>',
  '-|-',
  '~~',
  '!~~',
  '^@',
]);

function unfollowed(op: string, args: readonly Expr[]): Expr {
  // Arrays of several dimensions do not fit together always.
  const arrays = op === '||' && args.some((e) => e.type.endsWith('[]'));
  const calm =
    (CALM_OPERATORS.has(op) && !arrays) ||
    ((op === '+' || op === '-') && args.some((e) => TIMES.includes(familyOf(e.type))));
  return (calm ? opaque : risky)(op, args, resultOf(op));
}

const TIMES: readonly string[] = ['date', 'timestamp', 'timestamptz', 'time', 'interval'];

function concat(t: Typing, a: Expr, b: Expr): Expr | undefined {
  const [l, r] = [t.current(a), t.current(b)];
  // An array, jsonb or another type on one side means another operator.
  if (![l, r].every((e) => ['text', 'varchar', UNKNOWN_TYPE].includes(e.type))) return undefined;
  const [x, y] = [asText(t, l), asText(t, r)];
  return x && y && call('concat', [x, y], 'text', collationOf(x, y));
}

function arithmetic(t: Typing, op: string, a: Expr, b: Expr): Expr | undefined {
  const name = ARITHMETIC[op];
  if (name === undefined) return undefined;
  let [l, r] = [t.current(a), t.current(b)];
  const dates = dateArithmetic(t, op, l, r);
  if (dates !== undefined) return dates;
  if (l.type === UNKNOWN_TYPE && NUMBERS.includes(familyOf(r.type))) l = t.as(l, r.type);
  if (r.type === UNKNOWN_TYPE && NUMBERS.includes(familyOf(l.type))) r = t.as(r, l.type);
  const families = [familyOf(l.type), familyOf(r.type)];
  if (!families.every((f) => NUMBERS.includes(f))) return undefined;
  const rank = Math.max(...families.map((f) => NUMBERS.indexOf(f)));
  if (rank > 0) {
    const family = rank === 1 ? 'numeric' : 'float';
    const sum = call(`${name}:${family}`, [t.widen(l, family), t.widen(r, family)], rank === 1 ? 'numeric' : 'float8');
    return l.type === 'float4' && r.type === 'float4' ? call('float>float4', [sum], 'float4') : sum;
  }
  const type: TypeName = [l.type, r.type].includes('int8')
    ? 'int8'
    : [l.type, r.type].includes('int4')
      ? 'int4'
      : 'int2';
  return call(`${name}:${type}`, [l, r], type);
}

function dateArithmetic(t: Typing, op: string, l: Expr, r: Expr): Expr | undefined {
  if (l.type !== 'date' || (op !== '+' && op !== '-')) return undefined;
  if (op === '-' && (r.type === 'date' || r.type === UNKNOWN_TYPE))
    return call('days:date', [l, t.as(r, 'date')], 'int4');
  return r.type === 'int4' || r.type === 'int2'
    ? call(op === '+' ? 'add:date' : 'sub:date', [l, r], 'date')
    : undefined;
}

/** Operators whose result is boolean whatever they compare. */
function resultOf(op: string): TypeName {
  return ['@>', '<@', '&&', '?', '?|', '?&', '@@', '~', '<<', '>>', '<<=', '>>=', '-|-', '&<', '&>'].includes(op)
    ? 'bool'
    : 'other:?';
}
