import { asText } from './builtins.js';
import type { TypeName } from './catalog.js';
import { UNKNOWN_TYPE, call, columnsOf, not, opaque, risky, type Expr } from './expr.js';
import { collationOf, type Typing } from './typing.js';
import { familyOf } from './types/families.js';
import { boundType } from './types/range.js';

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
const MATCHES: Readonly<Record<string, string>> = { '~~': 'like', '~~*': 'ilike', '~': 'regex', '~*': 'iregex' };
const NEGATED_MATCHES: Readonly<Record<string, string>> = { '!~~': '~~', '!~~*': '~~*', '!~': '~', '!~*': '~*' };

/** `a op b` by the operator's name and the types; what is not followed is opaque, with a type where it is sure. */
export function binary(t: Typing, op: string, a: Expr, b: Expr): Expr {
  const comparison = COMPARISONS[op];
  if (comparison !== undefined) return t.compare(comparison, a, b);
  const negated = NEGATED_MATCHES[op];
  if (negated !== undefined) return not(match(t, negated, a, b));
  if (MATCHES[op] !== undefined) return match(t, op, a, b);
  return (
    (op === '||' ? concat(t, a, b) : undefined) ??
    arithmetic(t, op, a, b) ??
    container(t, op, a, b) ??
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

function match(t: Typing, op: string, a: Expr, b: Expr): Expr {
  const [text, pattern] = [subject(t, a), asText(t, b)];
  const fn = MATCHES[op] ?? '';
  const folds = op.endsWith('*') && !t.catalog.plainCase;
  if (
    text === undefined ||
    pattern === undefined ||
    folds ||
    !t.catalog.utf8 ||
    collationOf(text, pattern) === 'folding' ||
    (op.startsWith('~') && !op.startsWith('~~') && columnsOf(pattern).length > 0)
  )
    return (columnsOf(b).length === 0 ? opaque : risky)(fn, [t.current(a), t.current(b)], 'bool');
  return call(fn, [text, pattern]);
}

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

/** LIKE looks at padded text with its padding. */
export function subject(t: Typing, e: Expr): Expr | undefined {
  return familyOf(t.current(e).type) === 'char' ? t.current(e) : asText(t, e);
}

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

/** Operators of arrays and jsonb. */
function container(t: Typing, op: string, a: Expr, b: Expr): Expr | undefined {
  const [l, r] = [t.current(a), t.current(b)];
  if (l.type.endsWith('[]') || r.type.endsWith('[]')) {
    if (l.type !== 'jsonb') return arrayOperator(t, op, l, r);
  }
  if (boundType(l.type) !== undefined || boundType(r.type) !== undefined) return rangeOperator(t, op, l, r);
  return l.type === 'jsonb' || (op === '<@' && r.type === 'jsonb') ? jsonOperator(t, op, l, r) : undefined;
}

const LISTS: readonly TypeName[] = ['int2[]', 'int4[]', 'int8[]', 'text[]', 'uuid[]', 'date[]', 'bool[]', 'numeric[]'];

function arrayOperator(t: Typing, op: string, l: Expr, r: Expr): Expr | undefined {
  const type = l.type.endsWith('[]') ? l.type : r.type;
  const [x, y] = [l.type === UNKNOWN_TYPE ? t.as(l, type) : l, r.type === UNKNOWN_TYPE ? t.as(r, type) : r];
  if (x.type !== y.type || !LISTS.includes(type)) return undefined;
  if (op === '&&') return call('overlaps:array', [x, y]);
  if (op === '@>') return call('contains:array', [x, y]);
  return op === '<@' ? call('contains:array', [y, x]) : undefined;
}

function rangeOperator(t: Typing, op: string, l: Expr, r: Expr): Expr | undefined {
  if (op === '<@') return rangeOperator(t, '@>', r, l);
  const type = boundType(l.type) === undefined ? r.type : l.type;
  if (op === '@>' && l.type === type && r.type === boundType(type)) return call('holds:range', [l, r]);
  const fn = op === '@>' ? 'contains:range' : op === '&&' ? 'overlaps:range' : undefined;
  // Beside `@>` an untyped value may be an element or a range: PostgreSQL's choice is not ours to guess.
  if (fn === undefined || (op === '@>' && r.type === UNKNOWN_TYPE)) return undefined;
  const [x, y] = [l.type === UNKNOWN_TYPE ? t.as(l, type) : l, r.type === UNKNOWN_TYPE ? t.as(r, type) : r];
  return x.type === type && y.type === type ? call(fn, [x, y]) : undefined;
}

/** Typing a parameter is for good: only the operator that is really there may do it. */
function jsonOperator(t: Typing, op: string, l: Expr, r: Expr): Expr | undefined {
  const typed = (e: Expr, type: TypeName) => (e.type === UNKNOWN_TYPE ? t.as(e, type) : e);
  if (op === '<@') return r.type === 'jsonb' ? jsonContains(r, typed(l, 'jsonb')) : undefined;
  if (op === '@>') return jsonContains(l, typed(r, 'jsonb'));
  const shape = JSON_OPERATORS[op];
  if (shape === undefined) return undefined;
  const argument = typed(r, shape.argument);
  const fits = argument.type === shape.argument || (shape.steps && argument.type === 'int4');
  return fits ? call(shape.fn, [l, argument], shape.type) : undefined;
}

function jsonContains(whole: Expr, part: Expr): Expr | undefined {
  return part.type === 'jsonb' ? call('contains:jsonb', [whole, part]) : undefined;
}

const JSON_OPERATORS: Readonly<Record<string, { fn: string; argument: TypeName; type: TypeName; steps?: true }>> = {
  '->': { fn: 'member:jsonb', argument: 'text', type: 'jsonb', steps: true },
  '->>': { fn: 'membertext:jsonb', argument: 'text', type: 'text', steps: true },
  '#>': { fn: 'path:jsonb', argument: 'text[]', type: 'jsonb' },
  '#>>': { fn: 'pathtext:jsonb', argument: 'text[]', type: 'text' },
  '?': { fn: 'haskey:jsonb', argument: 'text', type: 'bool' },
};

/** Operators whose result is boolean whatever they compare. */
function resultOf(op: string): TypeName {
  return ['@>', '<@', '&&', '?', '?|', '?&', '@@', '~', '<<', '>>', '<<=', '>>=', '-|-', '&<', '&>'].includes(op)
    ? 'bool'
    : 'other:?';
}
