import { UNKNOWN_TYPE, columnsOf, hasSub, isLate, substitute, type Expr } from './expr.js';
import type { Select } from './query.js';
import { familyOf } from './types/families.js';

/** Conditions from outside on the outputs of a query: columns named by position under `occ`. */
export interface Incoming {
  readonly occ: number;
  readonly conditions: readonly Expr[];
}

/**
 * Conditions on a derived table's outputs as conditions on its inner rows, where that is the same: not through LIMIT, not through
 * aggregates, windows or DISTINCT ON but over what they group by. A constant condition passes everywhere: where it fails, nothing counts.
 */
export function pushThrough(select: Select, incoming: Incoming | undefined): ReadonlyMap<Expr, Expr> {
  const through = new Map<Expr, Expr>();
  for (const condition of incoming?.conditions ?? []) {
    const inner = translate(select, condition, incoming?.occ ?? 0);
    if (inner !== undefined) through.set(condition, inner);
  }
  return through;
}

function translate(select: Select, condition: Expr, occ: number): Expr | undefined {
  if (hasSub(condition)) return undefined;
  if (columnsOf(condition).length === 0) return condition.k === 'opaque' ? undefined : { ...condition };
  if (select.limited || select.multiplies) return undefined;
  return substitute(condition, (column) => {
    // Of a source outside: the same in here.
    if (column.occ !== occ) return column;
    const expr = typed(select.targets[Number(column.name)]?.expr, column.type);
    if (expr === undefined || hasSub(expr) || isLate(expr) || !survives(select, expr)) return undefined;
    const folds = columnsOf(expr).some((c) => c.coll === 'folding') && column.coll !== 'folding';
    return folds || familyOf(expr.type) !== familyOf(column.type) ? undefined : expr;
  });
}

/** An untyped literal is of the type that its place in the output has. */
function typed(expr: Expr | undefined, type: string): Expr | undefined {
  return expr?.k === 'const' && expr.type === UNKNOWN_TYPE ? { ...expr, type } : expr;
}

/** Whether filtering rows by this output commutes with grouping, windows and DISTINCT ON. */
function survives(select: Select, expr: Expr): boolean {
  if (select.aggregated && !overGroups(select, expr)) return false;
  if (!select.partitions.every((list) => among(expr, list))) return false;
  return typeof select.distinct === 'string' || among(expr, select.distinct);
}

/** Computed from what GROUP BY names. */
export function overGroups(select: Select, expr: Expr): boolean {
  return !select.groupingSets && select.group.length > 0 && !isLate(expr) && !hasSub(expr) && among(expr, select.group);
}

function among(expr: Expr, list: readonly Expr[]): boolean {
  const texts = new Set(list.map((e) => JSON.stringify(e)));
  const inside = (e: Expr): boolean =>
    texts.has(JSON.stringify(e)) ||
    (e.k !== 'col' && 'args' in e && e.args.every(inside)) ||
    e.k === 'const' ||
    e.k === 'param';
  return inside(expr);
}
