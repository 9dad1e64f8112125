import { childrenOf, columnsOf, type ColumnExpr, type Expr, type SubExpr } from './expr.js';
import type { From, Query, Select } from './query.js';

/**
 * Whether PostgreSQL may raise an error over this for some row, and with that row fail the statement: a cast of text, a division by a column,
 * a sum that its type does not hold; a sub-query of several rows where one is asked for.
 */
export function mayFail(e: Expr): boolean {
  if (e.k === 'opaque' && e.raises === true && columnsOf(e).length > 0) return true;
  if (e.k === 'call' && LAST_MAY_FAIL.test(e.fn) && e.args.slice(-1).some(fromRow)) return true;
  if (e.k === 'call' && ANY_MAY_FAIL.test(e.fn) && e.args.some(fromRow)) return true;
  return (e.k === 'sub' && subMayFail(e)) || childrenOf(e).some(mayFail);
}

/** By what comes last: a text that is read, a divisor, a pattern, a length. */
const LAST_MAY_FAIL = /^(text>(?!text|length)|>int|div:|mod:|i?like$|substring$)/;
/** By sums that their type does not hold. */
const ANY_MAY_FAIL = /^(numeric>scale$|(add|sub|mul|neg|abs):int)/;

function fromRow(e: Expr): boolean {
  return e.k === 'sub' || columnsOf(e).length > 0 || childrenOf(e).some(fromRow);
}

function subMayFail({ link, query }: SubExpr): boolean {
  return queryMayFail(query) || (link === 'scalar' && !answersOnce(query));
}

/** One row at most. */
function answersOnce(query: Query): boolean {
  if (query.k !== 'select') return false;
  return query.atMostOne || (query.aggregated && query.group.length === 0 && !query.groupingSets && !query.multiplies);
}

const known = new WeakMap<Query, boolean>();

export function queryMayFail(query: Query): boolean {
  const before = known.get(query);
  if (before !== undefined) return before;
  const answer = expressionsOf(query).some(mayFail) || innerQueries(query).some(queryMayFail);
  known.set(query, answer);
  return answer;
}

function expressionsOf(query: Query): readonly Expr[] {
  if (query.k === 'set') return query.others;
  return query.k === 'select' ? [...ownExpressions(query), ...inFrom(query.from)] : [];
}

function ownExpressions(s: Select): readonly Expr[] {
  const distinct = typeof s.distinct === 'string' ? [] : s.distinct;
  const targets = s.targets.map((t) => t.expr);
  return [...s.where, ...targets, ...s.group, ...s.having, ...s.partitions.flat(), ...s.others, ...distinct];
}

function inFrom(from: From | undefined): readonly Expr[] {
  if (from?.k === 'join') return [...from.on, ...inFrom(from.left), ...inFrom(from.right)];
  return from?.k === 'rows' ? from.exprs : [];
}

function innerQueries(query: Query): readonly Query[] {
  if (query.k === 'set') return [query.left, query.right];
  return query.k === 'recursion' ? [query.base, query.step] : derivedIn(query.from);
}

function derivedIn(from: From | undefined): readonly Query[] {
  if (from?.k === 'join') return [...derivedIn(from.left), ...derivedIn(from.right)];
  return from?.k === 'derived' ? [from.query] : [];
}

/** All columns that a condition reads, those that its sub-queries name included. */
export function columnsWithin(e: Expr): readonly ColumnExpr[] {
  if (e.k === 'col') return [e];
  const inside = e.k === 'sub' ? columnsOfQuery(e.query) : [];
  return [...childrenOf(e).flatMap(columnsWithin), ...inside];
}

function columnsOfQuery(query: Query): readonly ColumnExpr[] {
  return [...expressionsOf(query).flatMap(columnsWithin), ...innerQueries(query).flatMap(columnsOfQuery)];
}
