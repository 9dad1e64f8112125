import type { JoinExpr } from 'libpg-query';
import { NotCacheable, placedWithin } from './errors.js';
import { call, conjuncts, opaque, type Expr } from './expr.js';
import { names } from './function-call.js';
import type { Node } from './parser.js';
import { ExprResolver } from './resolve-expr.js';
import type { Resolver } from './resolve.js';
import { Scope, newLevel, type Column } from './scope.js';
import { joinedAs, only, renamed, sharedNames, type Source } from './sources.js';
import { collationOf } from './typing.js';

/** Two sources that are resolved become one: ON, USING, NATURAL, and the columns that are seen of it. */
export function joinSources(r: Resolver, j: JoinExpr, scope: Scope, [left, right]: readonly [Source, Source]): Source {
  const kind = j.jointype ?? 'JOIN_INNER';
  const open = [...left.relations, ...right.relations].some((r) => r.open);
  const using = j.isNatural === true ? sharedNames(left, right) : names(j.usingClause);
  const merged = placedWithin(j.rarg, () => {
    if (open && j.isNatural === true) throw new NotCacheable('NATURAL JOIN', 'of columns that are not known here');
    return using.map((name) => merge(r, name, kind, [left, right]));
  });
  const on = j.quals === undefined ? [] : condition(r, j.quals, scope, [left, right]);
  const source = joinedAs(kind, left, right, [...merged.flatMap((m) => conjuncts(m.equal)), ...on]);
  const rest = (side: Source) => side.columns.filter((c) => !using.includes(c.name));
  const columns = [...merged.map((m) => m.column), ...rest(left), ...rest(right)];
  if (j.join_using_alias !== undefined) {
    const alias = j.join_using_alias.aliasname ?? '';
    const shared = { alias, columns: merged.map((m) => m.column), system: false, open: false };
    return { from: source.from, relations: [...source.relations, shared], columns };
  }
  if (j.alias === undefined) return { ...source, columns };
  return { from: source.from, ...renamed(columns, j.alias.aliasname ?? '', j.alias, { open }) };
}

function condition(r: Resolver, quals: Node, outer: Scope, sides: readonly [Source, Source]): readonly Expr[] {
  const relations = sides.flatMap((side) => side.relations);
  const scope = new Scope(
    outer,
    relations,
    sides.flatMap((side) => side.columns),
  );
  return conjuncts(r.typing.as(new ExprResolver(r, newLevel(scope)).resolve(quals), 'bool'));
}

function merge(
  r: Resolver,
  name: string,
  kind: string,
  [left, right]: readonly [Source, Source],
): { column: Column; equal: Expr } {
  const [l, r2] = [only(left, name), only(right, name)];
  const expr = kind === 'JOIN_RIGHT' ? r2 : kind === 'JOIN_FULL' ? whole(l, r2) : l;
  return { column: { name, expr }, equal: r.typing.compare('eq', l, r2) };
}

/** Of two types PostgreSQL makes one: of numbers and their kind the wider. */
function whole(l: Expr, r: Expr): Expr {
  return l.type === r.type ? call('coalesce', [l, r], l.type, collationOf(l, r)) : opaque('a merged column', [l, r]);
}
