import type { TypeName } from './catalog.js';
import { UNKNOWN_TYPE, call, type Expr } from './expr.js';
import { boundType } from './types/range.js';
import type { Typing } from './typing.js';

/** Operators of arrays, ranges and jsonb; undefined for any other, and for types whose operators are not followed. */
export function containerOperator(t: Typing, op: string, a: Expr, b: Expr): Expr | undefined {
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
