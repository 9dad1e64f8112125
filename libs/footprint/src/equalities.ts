import { call, columnsOf, hasSub, not, substitute, type ColumnExpr, type Expr } from './expr.js';
import { equalityIsIdentity, familyOf } from './types/families.js';

const MOST_FACTS = 400;

function key(c: ColumnExpr): string {
  return `${c.occ}.${c.name}`;
}

/**
 * What follows from conditions that all hold: over columns that are equal, what holds of one holds of the other; and a column that equals a
 * constant may stand as that constant. The conditions themselves come first, unchanged.
 */
export function close(conditions: readonly Expr[], identity = equalityIsIdentity): readonly Expr[] {
  const classes = equalColumns(conditions);
  const known = new Set(conditions.map((c) => JSON.stringify(c)));
  const derived: Expr[] = [];
  const add = (e: Expr | undefined): void => {
    if (e === undefined || derived.length >= MOST_FACTS) return;
    const text = JSON.stringify(e);
    if (!known.has(text)) derived.push(e);
    known.add(text);
  };
  for (const condition of conditions.filter((c) => !hasSub(c))) {
    const columns = distinct(columnsOf(condition));
    const [only] = columns;
    if (only !== undefined && columns.length === 1)
      for (const other of classes.get(key(only)) ?? []) add(transferred(condition, [only, other], identity));
  }
  const all = [...conditions, ...derived];
  for (const condition of conditions.filter((c) => !hasSub(c))) {
    add(withConstants(condition, all));
    for (const e of mustBeKnown(condition)) add(not(call('isnull', [e])));
  }
  return [...conditions, ...derived];
}

/** Columns by class of equal ones, from `a = b` between plain columns of one type. */
function equalColumns(conditions: readonly Expr[]): ReadonlyMap<string, readonly ColumnExpr[]> {
  const classes = new Map<string, ColumnExpr[]>();
  for (const c of conditions) {
    const pair = columnPair(c);
    if (pair === undefined) continue;
    const merged = [...(classes.get(key(pair[0])) ?? [pair[0]]), ...(classes.get(key(pair[1])) ?? [pair[1]])];
    const members = distinct(merged);
    for (const member of members) classes.set(key(member), [...members]);
  }
  return classes;
}

function columnPair(c: Expr): readonly [ColumnExpr, ColumnExpr] | undefined {
  if (c.k !== 'call' || !c.fn.startsWith('eq:')) return undefined;
  const [a, b] = c.args;
  if (a?.k !== 'col' || b?.k !== 'col' || familyOf(a.type) !== familyOf(b.type)) return undefined;
  return a.coll === 'folding' || b.coll === 'folding' ? undefined : [a, b];
}

function distinct(columns: readonly ColumnExpr[]): readonly ColumnExpr[] {
  return [...new Map(columns.map((c) => [key(c), c])).values()];
}

/** P(a) and a = b give P(b), where P cannot tell equal values apart. */
function transferred(
  condition: Expr,
  [from, to]: readonly [ColumnExpr, ColumnExpr],
  identity: typeof equalityIsIdentity,
): Expr | undefined {
  if (key(from) === key(to)) return undefined;
  const alike = familyOf(from.type) === familyOf(to.type) && identity(from.type);
  if (!alike && !comparesOnly(condition)) return undefined;
  if (alike && from.type !== to.type && !comparesOnly(condition) && familyOf(from.type) === 'int') return undefined;
  return substitute(condition, () => to);
}

/** Made of comparisons by the type's own equality and order alone: nothing looks at how a value is written. */
export function comparesOnly(e: Expr): boolean {
  if (e.k === 'and' || e.k === 'or') return e.args.every(comparesOnly);
  if (e.k !== 'call') return false;
  if (e.fn === 'not') return e.args.every(comparesOnly);
  const constant = (a: Expr) => columnsOf(a).length === 0 && !hasSub(a);
  const plain = e.args.every((a) => a.k === 'col' || constant(a) || (a.k === 'call' && a.fn === 'list'));
  return plain && /^(isnull$|(any:|all:)?(eq|ne|lt|le|gt|ge):|same:)/.test(e.fn);
}

/**
 * A condition with the columns that equal a constant replaced by it. Where no column remains it says whether anything can match at all:
 * `a = $1 AND a = $2` needs `$1 = $2`, and `a = $1` needs `$1 = $1`, which a null is not.
 */
function withConstants(condition: Expr, all: readonly Expr[]): Expr | undefined {
  const columns = distinct(columnsOf(condition));
  const constants = new Map(all.flatMap(constantOf));
  const pinned = columns.filter((c) => constants.has(key(c)));
  if (pinned.length === 0) return undefined;
  return substitute(condition, (c) => constants.get(key(c)) ?? c);
}

/** A comparison with null is never true. */
function mustBeKnown(e: Expr): readonly Expr[] {
  if (e.k !== 'call' || !/^((any:)?(eq|ne|lt|le|gt|ge):|i?like$)/.test(e.fn)) return [];
  return e.args.filter((arg) => arg.k === 'param' || (arg.k === 'const' && arg.value === null));
}

function constantOf(c: Expr): readonly (readonly [string, Expr])[] {
  if (c.k !== 'call' || !c.fn.startsWith('eq:')) return [];
  const [a, b] = c.args;
  const [column, constant] = a?.k === 'col' ? [a, b] : [b, a];
  if (column?.k !== 'col' || (constant?.k !== 'param' && constant?.k !== 'const')) return [];
  return equalityIsIdentity(column.type) &&
    familyOf(column.type) === familyOf(constant.type) &&
    column.coll !== 'folding'
    ? [[key(column), constant]]
    : [];
}
