import { comparesOnly } from './equalities.js';
import { UNKNOWN_TYPE, columnsOf, hasSub, isLate, substitute, type Expr } from './expr.js';
import { collationWithin, type Select } from './query.js';
import { equalityIsIdentity, familyOf } from './types/families.js';

/** Conditions from outside on the outputs of a query: columns named by position under `occ`. */
export interface Incoming {
  readonly occ: number;
  readonly conditions: readonly Expr[];
}

/**
 * Conditions on a derived table's outputs as conditions on its inner rows, where that is the same: not through LIMIT, not through
 * aggregates, windows or DISTINCT ON but over what they group by. A constant condition passes everywhere: where it fails, nothing counts.
 */
export function pushThrough(
  select: Select,
  incoming: Incoming | undefined,
  identity = isIdentity,
): ReadonlyMap<Expr, Expr> {
  const through = new Map<Expr, Expr>();
  for (const condition of incoming?.conditions ?? []) {
    const inner = translate(select, condition, { occ: incoming?.occ ?? 0, identity });
    if (inner !== undefined) through.set(condition, inner);
  }
  return through;
}

interface Passage {
  readonly occ: number;
  /** Whether equal values of an expression are the same in every way. */
  readonly identity: (e: Expr) => boolean;
}

function translate(select: Select, condition: Expr, { occ, identity }: Passage): Expr | undefined {
  if (hasSub(condition)) return undefined;
  if (columnsOf(condition).length === 0) return condition.k === 'opaque' ? undefined : { ...condition };
  if (select.limited || select.multiplies) return undefined;
  return substitute(condition, (column) => {
    // Of a source outside: the same in here.
    if (column.occ !== occ) return column;
    const expr = typed(select.targets[Number(column.name)]?.expr, column.type);
    if (
      expr === undefined ||
      hasSub(expr) ||
      isLate(expr) ||
      !survives(select, expr, (e, keys) => among(e, keys, { condition, identity }))
    )
      return undefined;
    const folds = columnsOf(expr).some((c) => c.coll === 'folding') && column.coll !== 'folding';
    return folds || familyOf(expr.type) !== familyOf(column.type) ? undefined : expr;
  });
}

/** An untyped literal is of the type that its place in the output has. */
function typed(expr: Expr | undefined, type: string): Expr | undefined {
  return expr?.k === 'const' && expr.type === UNKNOWN_TYPE ? { ...expr, type } : expr;
}

/** Whether filtering rows by this output commutes with grouping, windows and DISTINCT. */
function survives(select: Select, expr: Expr, over: (e: Expr, keys: readonly Expr[]) => boolean): boolean {
  const lists = [...select.partitions];
  if (select.distinct === 'all') lists.push(select.targets.map((t) => t.expr));
  else if (select.distinct !== 'no') lists.push(select.distinct);
  if (select.aggregated) {
    if (select.groupingSets || select.group.length === 0) return false;
    lists.push(select.group);
  }
  return lists.every((keys) => over(expr, keys));
}

/** A condition of HAVING that filters the rows that are grouped as well as the groups. */
export function overGroups(select: Select, condition: Expr): boolean {
  const plain = !select.groupingSets && select.group.length > 0 && !isLate(condition) && !hasSub(condition);
  return plain && among(condition, select.group, { condition, identity: isIdentity });
}

/** Of equal rows that become one the condition keeps or drops all. */
export function keepsAlike(condition: Expr, occ: number): boolean {
  const columns = columnsOf(condition).filter((c) => c.occ === occ);
  return comparesOnly(condition) || columns.every(isIdentity);
}

interface Test {
  readonly condition: Expr;
  readonly identity: (e: Expr) => boolean;
}

/**
 * Computed from these keys. Equal values of a key stand together, and one of them for all: where they are written in several ways (1.0 and 1.00)
 * a condition must not tell them apart, or it drops some rows of a group and not the others.
 */
function among(expr: Expr, keys: readonly Expr[], { condition, identity }: Test): boolean {
  const texts = new Set(keys.map((e) => JSON.stringify(e)));
  const compared = comparesOnly(condition);
  const isKey = (e: Expr) =>
    texts.has(JSON.stringify(e)) && (identity(e) || (compared && (e === expr || e.k === 'col')));
  const inside = (e: Expr): boolean =>
    isKey(e) || (e.k !== 'col' && 'args' in e && e.args.every(inside)) || e.k === 'const' || e.k === 'param';
  return inside(expr);
}

function isIdentity(e: Expr): boolean {
  return equalityIsIdentity(e.type) && collationWithin(e) !== 'folding';
}
