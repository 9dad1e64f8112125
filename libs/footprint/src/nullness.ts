import type { Expr } from './expr.js';
import { occurrencesIn, type From } from './query.js';

/** Functions that answer for a null argument. Every other call of the function table is strict: null in, null out. */
const ANSWERS_NULL = /^(same:|isnull|istrue|isfalse|list|coalesce|nullif|case|greatest|least|not$|any:|all:)/;

/** Sources whose null row makes the expression null. */
function nullsWith(e: Expr): ReadonlySet<number> {
  if (e.k === 'col') return new Set([e.occ]);
  if (e.k !== 'call') return new Set();
  if (e.fn === 'not') return union(e.args.map(nullsWith));
  return ANSWERS_NULL.test(e.fn) ? new Set() : union(e.args.map(nullsWith));
}

/** Sources whose null row makes the condition false or null: it rejects rows that an outer join has filled with nulls. */
export function rejectsNull(e: Expr): ReadonlySet<number> {
  if (e.k === 'and') return union(e.args.map(rejectsNull));
  if (e.k === 'or') return e.args.map(rejectsNull).reduce((a, b) => new Set([...a].filter((occ) => b.has(occ))));
  if (e.k === 'sub') return e.link === 'any' && e.equality ? union(e.tests.map(nullsWith)) : new Set();
  if (e.k !== 'call') return nullsWith(e);
  const [arg] = e.args;
  if (arg !== undefined && e.fn === 'not') return rejectsWhenNegated(arg);
  // x = ANY (list) is null or, for an empty list, false when x is null: never true.
  if (arg !== undefined && e.fn.startsWith('any:')) return nullsWith(arg);
  if (arg !== undefined && e.fn === 'istrue') return rejectsNull(arg);
  if (arg !== undefined && e.fn === 'isfalse') return nullsWith(arg);
  return nullsWith(e);
}

/** NOT (x IS NULL) rejects null; NOT (x = 1) does, being null; NOT (a AND b) may not. */
function rejectsWhenNegated(arg: Expr): ReadonlySet<number> {
  if (arg.k === 'call' && arg.fn === 'isnull' && arg.args[0] !== undefined) return nullsWith(arg.args[0]);
  return nullsWith(arg);
}

function union(sets: readonly ReadonlySet<number>[]): ReadonlySet<number> {
  return new Set(sets.flatMap((s) => [...s]));
}

/** Outer joins whose null-filled rows some condition above throws away are inner joins (or outer on one side only). */
export function reduceOuterJoins(from: From, conditions: readonly Expr[]): From {
  return reduce(from, union(conditions.map(rejectsNull)));
}

function reduce(from: From, rejected: ReadonlySet<number>): From {
  if (from.k !== 'join') return from;
  const hits = (side: From) => [...occurrencesIn(side)].some((occ) => rejected.has(occ));
  if (from.kind === 'full') {
    const [left, right] = [hits(from.left), hits(from.right)];
    if (left && right) return reduce({ ...from, kind: 'inner' }, rejected);
    if (left) return reduce({ ...from, kind: 'left' }, rejected);
    if (right) return reduce({ ...from, kind: 'left', left: from.right, right: from.left }, rejected);
    return { ...from, left: reduce(from.left, new Set()), right: reduce(from.right, new Set()) };
  }
  if (from.kind === 'left' && hits(from.right)) return reduce({ ...from, kind: 'inner' }, rejected);
  const own = union(from.on.map(rejectsNull));
  if (from.kind === 'left') return { ...from, left: reduce(from.left, rejected), right: reduce(from.right, own) };
  const both = union([rejected, own]);
  return { ...from, left: reduce(from.left, both), right: reduce(from.right, both) };
}
