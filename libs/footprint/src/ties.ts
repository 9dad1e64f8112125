import { call, type Expr } from './expr.js';
import type { From } from './query.js';
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
