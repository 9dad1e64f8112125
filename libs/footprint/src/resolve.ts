import type { SelectStmt } from 'libpg-query';
import { leastKnown, type Catalog, type FunctionFacts, type TypeName } from './catalog.js';
import { NotCacheable, placed, placedWithin } from './errors.js';
import { UNKNOWN_TYPE, conjuncts, type Expr, type SubExpr } from './expr.js';
import { FromResolver } from './resolve-from.js';
import { defineCtes } from './resolve-cte.js';
import { ExprResolver } from './resolve-expr.js';
import { targetName } from './target-name.js';
import type { Node } from './parser.js';
import { outputsOf, type Output, type Query, type Select, type Target } from './query.js';
import { names } from './function-call.js';
import { Scope, newLevel, type Column } from './scope.js';
import { commonType, flattenSets, isNullConstant, isOne, starOf, windowsOf } from './select-parts.js';
import { Parameters, Typing, refuseClock } from './typing.js';
import type { TableName } from '@freshet/cache-keys';

const OPEN = 'the fields of what a function in FROM returns are not known here';

/** Beyond this a statement is refused: CTEs read twice double, and doubling has no end. */
const MOST_SOURCES = 200;

/** From the parser's tree to queries whose every name is resolved. PostgreSQL's own rules of names and visibility. */
export class Resolver {
  readonly typing: Typing;
  readonly relations = new Set<TableName>();
  private sources = 0;

  constructor(readonly catalog: Catalog) {
    this.typing = new Typing(catalog, new Parameters());
  }

  statement(select: SelectStmt): Query {
    return this.query(select, undefined);
  }

  nextSource(): number {
    this.sources += 1;
    if (this.sources > MOST_SOURCES) throw new NotCacheable('statement', `reads more than ${MOST_SOURCES} sources`);
    return this.sources;
  }

  functionFacts(name: string): readonly FunctionFacts[] {
    return this.catalog.functions.get(name) ?? [];
  }

  query(select: SelectStmt, outer: Scope | undefined): Query {
    return placedWithin(select, () => this.queryOf(select, outer));
  }

  private queryOf(select: SelectStmt, outer: Scope | undefined): Query {
    const scope = new Scope(outer);
    defineCtes(this, select, scope);
    if (select.op !== undefined && select.op !== 'SETOP_NONE') return this.setOperation(select, scope);
    return select.valuesLists === undefined ? this.select(select, scope) : this.values(select, scope);
  }

  sub(kind: string, query: Query, tests: readonly Expr[], operator: string): Expr {
    const links: Readonly<Record<string, SubExpr['link']>> = {
      EXISTS_SUBLINK: 'exists',
      ANY_SUBLINK: 'any',
      ALL_SUBLINK: 'all',
      EXPR_SUBLINK: 'scalar',
      ARRAY_SUBLINK: 'array',
    };
    const link = links[kind];
    if (link === undefined) throw new NotCacheable('sub-query', `a sub-query of this kind (${kind}) is not understood`);
    const first = outputsOf(query)[0]?.type ?? UNKNOWN_TYPE;
    const type = link === 'scalar' ? first : link === 'array' ? `${first}[]` : 'bool';
    const typed = tests.map((t, i) => this.typing.as(t, outputsOf(query)[i]?.type ?? UNKNOWN_TYPE));
    return { k: 'sub', link, occ: this.nextSource(), query, tests: typed, equality: operator === '=', type };
  }

  private select(s: SelectStmt, scope: Scope): Select {
    const from = new FromResolver(this, scope).clause(s.fromClause ?? []);
    scope.relations = from?.relations ?? [];
    scope.columns = from?.columns ?? [];
    const level = newLevel(scope, windowsOf(s));
    const resolver = new ExprResolver(this, level);
    const targets = (s.targetList ?? []).flatMap((node) => placed(node, () => this.target(node, resolver, scope)));
    const where = s.whereClause === undefined ? [] : conjuncts(this.typing.as(resolver.resolve(s.whereClause), 'bool'));
    const having =
      s.havingClause === undefined ? [] : conjuncts(this.typing.as(resolver.resolve(s.havingClause), 'bool'));
    const byName = (nodes: readonly Node[] | undefined, inputFirst: boolean) =>
      (nodes ?? []).map((n) => this.byName(n, targets, resolver, scope, inputFirst));
    const order = byName(s.sortClause, false);
    const sets = (s.groupClause ?? []).some((n) => 'GroupingSet' in n);
    const group = byName(flattenSets(s.groupClause ?? []), true);
    const distinctOn = (s.distinctClause ?? []).filter((n) => Object.keys(n).length > 0);
    const limits = this.limits(s, resolver);
    return {
      k: 'select',
      from: from?.from,
      where,
      targets: targets.map((t) => ({ ...t, expr: this.typing.current(t.expr) })),
      group,
      groupingSets: sets,
      aggregated:
        level.aggregated ||
        scope.aggregatedInside ||
        group.length > 0 ||
        s.groupClause !== undefined ||
        having.length > 0,
      having,
      partitions: level.partitions,
      distinct: s.distinctClause === undefined ? 'no' : distinctOn.length === 0 ? 'all' : byName(distinctOn, false),
      others: [...order, ...limits],
      limited: limits.length > 0,
      atMostOne: isOne(s),
      multiplies: level.multiplies,
    };
  }

  private target(node: Node, resolver: ExprResolver, scope: Scope): readonly Target[] {
    const target = 'ResTarget' in node ? node.ResTarget : undefined;
    if (target?.val === undefined) throw new NotCacheable('select list', 'not understood');
    const starred = starOf(target.val);
    if (starred === undefined)
      return [{ name: target.name ?? targetName(target.val), expr: resolver.resolve(target.val) }];
    if (starred === '*' && !scope.open) return scope.columns;
    if (starred === '*') throw new NotCacheable('*', OPEN);
    const relation = scope.relation(starred.at(-1) ?? '', starred.length > 1 ? starred.at(-2) : undefined);
    if (relation === undefined) throw new NotCacheable(`${starred.join('.')}.*`, 'no such table is in FROM');
    if (relation.open) throw new NotCacheable(`${starred.join('.')}.*`, OPEN);
    return relation.columns;
  }

  /** ORDER BY and GROUP BY name output columns, by position or by name. */
  private byName(
    node: Node,
    targets: readonly Target[],
    resolver: ExprResolver,
    scope: Scope,
    inputFirst: boolean,
  ): Expr {
    const inner = 'SortBy' in node && node.SortBy.node !== undefined ? node.SortBy.node : node;
    const position = 'A_Const' in inner ? inner.A_Const.ival : undefined;
    if (position !== undefined) return targets[(position.ival ?? 0) - 1]?.expr ?? resolver.resolve(inner);
    const name =
      'ColumnRef' in inner && inner.ColumnRef.fields?.length === 1 ? names(inner.ColumnRef.fields)[0] : undefined;
    const output = name === undefined ? undefined : targets.find((t) => t.name === name)?.expr;
    if (output === undefined || (inputFirst && scope.columns.some((c) => c.name === name)))
      return resolver.resolve(inner);
    return output;
  }

  private setOperation(s: SelectStmt, scope: Scope): Query {
    if (s.larg === undefined || s.rarg === undefined) throw new NotCacheable('set operation', 'not understood');
    const [left, right] = [this.query(s.larg, scope), this.query(s.rarg, scope)];
    const ops = { SETOP_UNION: 'union', SETOP_INTERSECT: 'intersect', SETOP_EXCEPT: 'except' } as const;
    const r = outputsOf(right);
    const outputs = outputsOf(left).map((o, i): Output => ({
      name: o.name,
      type: commonType(o.type, r[i]?.type ?? UNKNOWN_TYPE),
      coll: leastKnown([o.coll, r[i]?.coll]),
    }));
    for (const [i, { type }] of outputs.entries()) {
      refuseClockIn(left, s.larg, i, type);
      refuseClockIn(right, s.rarg, i, type);
    }
    const others = this.limits(s, new ExprResolver(this, newLevel(new Scope(scope))));
    return {
      k: 'set', op: ops[s.op as keyof typeof ops], all: s.all === true, left, right, outputs, others,
      ordered: s.sortClause !== undefined, limited: others.length > 0,
    }; // prettier-ignore
  }

  private values(s: SelectStmt, scope: Scope): Select {
    const resolver = new ExprResolver(this, newLevel(scope));
    const rows = (s.valuesLists ?? []).map((n) => ('List' in n ? resolver.all(n.List.items) : []));
    const occ = this.nextSource();
    const types = (rows[0] ?? []).map((_, i) =>
      rows.map((row) => this.typing.current(row[i] as Expr).type).reduce(commonType),
    );
    for (const [n, row] of rows.entries())
      for (const [i, e] of row.entries())
        placedWithin(s.valuesLists?.[n], () => refuseClockOf(e, types[i] ?? UNKNOWN_TYPE));
    const targets = types.map((type, i): Column => ({
      name: `column${i + 1}`,
      expr: { k: 'col', occ, name: `column${i + 1}`, type: type === UNKNOWN_TYPE ? 'text' : type },
    }));
    scope.columns = targets;
    const order = (s.sortClause ?? []).map((n) => this.byName(n, targets, resolver, scope, false));
    const limits = this.limits(s, resolver);
    return {
      k: 'select', from: { k: 'rows', occ, exprs: rows.flat() }, where: [], targets, group: [], groupingSets: false, aggregated: false, having: [],
      partitions: [], distinct: 'no', others: [...order, ...limits], limited: limits.length > 0, atMostOne: false, multiplies: true,
    }; // prettier-ignore
  }

  /** LIMIT and OFFSET; of null there is none. */
  private limits({ limitCount, limitOffset }: SelectStmt, resolver: ExprResolver): readonly Expr[] {
    const given = [limitCount, limitOffset].filter((n): n is Node => n !== undefined && !isNullConstant(n));
    return resolver.all(given).map((e) => this.typing.as(e, 'int8'));
  }
}

/** An untyped literal of one arm is read as the type that the others give its place. */
function refuseClockIn(query: Query, { larg, rarg, targetList }: SelectStmt, i: number, type: TypeName): void {
  if (query.k === 'set' && larg !== undefined && rarg !== undefined) {
    refuseClockIn(query.left, larg, i, type);
    refuseClockIn(query.right, rarg, i, type);
  }
  const target = query.k === 'select' ? query.targets[i] : undefined;
  if (target !== undefined) placedWithin(targetList?.[i], () => refuseClockOf(target.expr, type));
}

function refuseClockOf(e: Expr, type: TypeName): void {
  if (e.k === 'const' && e.type === UNKNOWN_TYPE) refuseClock(e.value, type);
}
