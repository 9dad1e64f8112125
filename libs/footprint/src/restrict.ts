import { columnsOf, hasSub, not, type Expr } from './expr.js';

/**
 * The conditions as far as they speak of some sources only: those that do entirely, as they are; of others what weaker condition they imply,
 * if any. A condition over constants alone belongs to every side.
 */
export function restrict(conditions: readonly Expr[], sources: ReadonlySet<number>): readonly Expr[] {
  return conditions.flatMap((c) => {
    const weak = weaken(c, sources);
    return weak === undefined ? [] : [weak];
  });
}

/** Undefined: nothing is implied. */
function weaken(e: Expr, sources: ReadonlySet<number>): Expr | undefined {
  if (!hasSub(e) && columnsOf(e).every((c) => sources.has(c.occ)))
    return e.k === 'opaque' && columnsOf(e).length === 0 ? undefined : e;
  if (e.k === 'and')
    return combined(
      'and',
      e.args.flatMap((a) => weaken(a, sources) ?? []),
    );
  if (e.k === 'or') {
    const arms = e.args.map((a) => weaken(a, sources));
    return arms.every((a) => a !== undefined) ? combined('or', arms) : undefined;
  }
  const arg = e.k === 'call' && e.fn === 'not' ? e.args[0] : undefined;
  if (arg?.k === 'and' || arg?.k === 'or')
    return weaken({ ...arg, k: arg.k === 'and' ? 'or' : 'and', args: arg.args.map(not) }, sources);
  return undefined;
}

function combined(k: 'and' | 'or', args: readonly Expr[]): Expr | undefined {
  if (args.length === 0) return undefined;
  return args.length === 1 ? args[0] : { k, args, type: 'bool' };
}
