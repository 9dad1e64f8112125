import { call, type ColumnExpr, type Expr, type SubExpr } from './expr.js';
import { outputsOf, type From } from './query.js';
import { familyOf } from './types/families.js';

/** Equality of two expressions of one family whose equality is known to be that of `=`. */
export function tie(a: Expr, b: Expr | undefined): readonly Expr[] {
  if (b?.k !== 'col' || a.k !== 'col' || a.type !== b.type || a.coll === 'folding' || b.coll === 'folding') return [];
  return [call(`eq:${familyOf(a.type)}`, [a, b])];
}

/** The conditions of inner joins that hold for every row that FROM yields. */
export function spine(from: From | undefined): readonly Expr[] {
  if (from?.k !== 'join' || from.kind === 'full') return [];
  return from.kind === 'left' ? spine(from.left) : [...from.on, ...spine(from.left), ...spine(from.right)];
}

/** The outputs of a sub-query as columns. */
export function outputColumns(sub: SubExpr): readonly ColumnExpr[] {
  return outputsOf(sub.query).map((o, i) => ({
    k: 'col',
    occ: sub.occ,
    name: String(i),
    type: o.type,
    ...(o.coll === undefined ? {} : { coll: o.coll }),
  }));
}

/** Where EXISTS or IN holds, a row exists for which the conditions inside hold. */
export function witness(condition: Expr): readonly Expr[] {
  if (condition.k !== 'sub' || (condition.link !== 'exists' && !(condition.link === 'any' && condition.equality)))
    return [];
  const { query, tests } = condition;
  if (query.k !== 'select' || query.aggregated || query.groupingSets) return [];
  return [...query.where, ...spine(query.from), ...tests.flatMap((t, i) => tie(t, query.targets[i]?.expr))];
}
