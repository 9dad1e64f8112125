import type { CaseExpr } from 'libpg-query';
import { UNKNOWN_TYPE, call, opaque, type Expr } from './expr.js';
import type { ExprResolver } from './resolve-expr.js';
import { collationOf, type Typing } from './typing.js';

/** Several values that PostgreSQL brings to one type: the arms of CASE, COALESCE, GREATEST, ARRAY[…]. */
interface Unified {
  readonly args: readonly Expr[];
  readonly type: string;
  /** Whether the type is surely the one that PostgreSQL chooses. */
  readonly sure: boolean;
}

const NUMBERS: readonly string[] = ['int2', 'int4', 'int8', 'numeric'];

function unified(t: Typing, raw: readonly Expr[]): Unified {
  const current = raw.map((e) => t.current(e));
  const plain = current.map((e) => (e.type === 'varchar' ? 'text' : e.type));
  const types = [...new Set(plain.filter((type) => type !== UNKNOWN_TYPE))];
  if (types.length === 0) return { args: current.map((e) => t.as(e, 'text')), type: 'text', sure: true };
  const widest = Math.max(...types.map((x) => NUMBERS.indexOf(x)));
  const type = types.length === 1 ? (types[0] as string) : NUMBERS[widest];
  if (type === undefined || !types.every((x) => x === type || NUMBERS.includes(x)))
    return { args: current, type: 'other:?', sure: false };
  const args = current.map((e) =>
    e.type === UNKNOWN_TYPE ? t.as(e, type) : type === 'numeric' ? t.widen(e, 'numeric') : e,
  );
  return { args, type, sure: true };
}

export function commonValue(t: Typing, fn: string, raw: readonly Expr[]): Expr {
  const { args, type, sure } = unified(t, raw);
  return sure ? call(fn, args, type, collationOf(...args)) : opaque(fn, args, type);
}

const ORDERED: readonly string[] = ['int2', 'int4', 'int8', 'numeric', 'date', 'timestamp', 'timestamptz'];

export function extreme(t: Typing, fn: 'least' | 'greatest', raw: readonly Expr[]): Expr {
  const { args, type, sure } = unified(t, raw);
  return sure && ORDERED.includes(type) ? call(fn, args, type) : opaque(fn, args, type);
}

export function arrayOf(t: Typing, elements: readonly Expr[]): Expr {
  const { args, type, sure } = unified(t, elements);
  return sure && elements.length > 0 ? call('list', args, `${type}[]`, collationOf(...args)) : opaque('ARRAY', args);
}

export function caseOf(e: ExprResolver, x: CaseExpr): Expr {
  const t = e.typing;
  const whens = (x.args ?? []).flatMap((n) => ('CaseWhen' in n ? [n.CaseWhen] : []));
  const conditions = whens.map((w) =>
    x.arg === undefined ? t.as(e.child(w.expr), 'bool') : t.compare('eq', e.resolve(x.arg), e.child(w.expr)),
  );
  const { args, type, sure } = unified(t, [...whens.map((w) => e.child(w.result)), e.child(x.defresult)]);
  const steps = whens.flatMap((_, i) => [conditions[i] as Expr, args[i] as Expr]);
  const all = [...steps, args.at(-1) as Expr];
  return sure ? call('case', all, type, collationOf(...args)) : opaque('CASE', all, type);
}
