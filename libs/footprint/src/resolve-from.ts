import type { Alias, JoinExpr, RangeFunction, RangeSubselect, RangeVar } from 'libpg-query';
import { leastKnown, type ColumnFacts, type TableFacts } from './catalog.js';
import { cast } from './casting.js';
import { NotCacheable } from './errors.js';
import { names } from './function-call.js';
import { UNKNOWN_TYPE, call, conjuncts, opaque, type Expr } from './expr.js';
import { parse, type Node } from './parser.js';
import { collationWithin, outputsOf, type From, type Output, type Query, type RowsFrom } from './query.js';
import { findRelation, refuseRelation } from './relations.js';
import { ExprResolver, type Level } from './resolve-expr.js';
import type { Resolver } from './resolve.js';
import { restlessConstructs } from './restless.js';
import { collationOf, type Typing } from './typing.js';
import { Scope, type Column, type Cte } from './scope.js';
import { FIELDS, elementType, joined, joinedAs, only, renamed, sharedNames, type Source } from './sources.js';

export class FromResolver {
  constructor(
    private readonly r: Resolver,
    private readonly scope: Scope,
  ) {}

  /** `FROM a, b`: an inner join without a condition. */
  clause(nodes: readonly Node[]): Source | undefined {
    let all: Source | undefined;
    for (const node of nodes) {
      const next = this.item(node, all);
      all = all === undefined ? next : joined('inner', all, next, []);
    }
    return all;
  }

  /** @param before what stands to the left: LATERAL items see it. */
  private item(node: Node, before: Source | undefined): Source {
    if ('RangeVar' in node) return this.rangeVar(node.RangeVar);
    if ('RangeSubselect' in node) return this.subselect(node.RangeSubselect, before);
    if ('JoinExpr' in node) return this.join(node.JoinExpr, before);
    if ('RangeFunction' in node) return this.rowFunction(node.RangeFunction, before);
    throw new NotCacheable(Object.keys(node)[0] ?? 'FROM', 'this kind of source is not understood');
  }

  private rangeVar(v: RangeVar): Source {
    const name = v.relname ?? '';
    const cte = v.schemaname === undefined ? this.scope.cte(name) : undefined;
    if (cte !== undefined) return this.cte(cte, name, v.alias);
    const facts = findRelation(this.r.catalog, v.schemaname, name);
    if (facts === undefined)
      throw new NotCacheable(
        v.schemaname === undefined ? name : `${v.schemaname}.${name}`,
        'no such table is known',
        v.location,
      );
    this.r.relations.add(facts.name);
    if (facts.kind === 'view') return this.view(facts, v);
    const reason = refuseRelation(facts, (n) => this.r.catalog.tables.get(n));
    if (reason !== undefined) throw new NotCacheable(name, reason, v.location);
    return this.table(facts, v);
  }

  private table(facts: TableFacts, v: RangeVar): Source {
    const occ = this.r.nextSource();
    const alias = v.alias?.aliasname ?? facts.table;
    const plain = facts.columns.map((c): Column => ({
      name: c.name,
      expr: { k: 'col', occ, name: c.name, type: c.type, coll: c.collation },
    }));
    const columns = facts.columns.map((c, i) =>
      c.generated === null ? (plain[i] as Column) : this.generated(c, plain, alias),
    );
    const schema = v.alias === undefined ? facts.schema : undefined;
    return this.source({ k: 'table', occ, alias, facts, only: v.inh !== true }, columns, alias, v.alias, schema);
  }

  /** A generated column is not in the log: its expression over the base columns stands for it. */
  private generated(c: ColumnFacts, base: readonly Column[], alias: string): Column {
    const scope = new Scope(undefined, [{ alias, columns: base, system: false }], base);
    const [node] = parse(`SELECT ${c.generated ?? ''}`);
    const [target] = node !== undefined && 'SelectStmt' in node ? (node.SelectStmt.targetList ?? []) : [];
    const level: Level = { scope, aggregated: false, multiplies: false, partitions: [], windows: new Map() };
    const expr =
      target !== undefined && 'ResTarget' in target && target.ResTarget.val !== undefined
        ? new ExprResolver(this.r, level).resolve(target.ResTarget.val)
        : undefined;
    if (expr === undefined) throw new NotCacheable(c.name, 'a generated column that is not understood');
    return { name: c.name, expr: stored(this.r.typing, expr, c) };
  }

  private view(facts: TableFacts, v: RangeVar): Source {
    const [node] = parse(facts.definition ?? '');
    if (node === undefined || !('SelectStmt' in node))
      throw new NotCacheable(facts.table, 'a view that is not understood', v.location);
    const [refusal] = restlessConstructs(node, this.r.catalog);
    if (refusal !== undefined)
      throw new NotCacheable(`${refusal.construct} in view ${facts.table}`, refusal.reason, v.location);
    const query = this.r.query(node.SelectStmt, undefined);
    return this.derived(
      query,
      facts.columns.map((c) => c.name),
      v.alias?.aliasname ?? facts.table,
      v.alias,
    );
  }

  private cte(cte: Cte, name: string, alias: Alias | undefined): Source {
    if (cte.rows !== undefined) return this.rows([], cte.rows, alias?.aliasname ?? name, alias);
    const query = this.cteQuery(cte, name);
    const own = outputsOf(query).map((o, i) => cte.names[i] ?? o.name);
    return this.derived(query, own, alias?.aliasname ?? name, alias);
  }

  /** Every reading of a CTE is a copy of its own, so that each can be filtered by itself: nothing in it is volatile. */
  cteQuery(cte: Cte, name: string): Query {
    const { ast } = cte;
    if (!cte.mayRecurse || ast.op === undefined || ast.op === 'SETOP_NONE' || !mentions(ast.rarg, name))
      return this.r.query(ast, cte.scope);
    if (ast.larg === undefined || ast.rarg === undefined || ast.withClause !== undefined)
      throw new NotCacheable(name, 'a recursion that is not understood');
    const base = this.r.query(ast.larg, cte.scope);
    const outputs = outputsOf(base).map((o, i): Output => ({
      name: cte.names[i] ?? o.name,
      type: o.type === UNKNOWN_TYPE ? 'text' : o.type,
      coll: o.coll,
    }));
    const inside = new Scope(cte.scope);
    inside.ctes.set(name, { ...cte, rows: outputs });
    return { k: 'recursion', base, step: this.r.query(ast.rarg, inside), outputs };
  }

  private subselect(s: RangeSubselect, before: Source | undefined): Source {
    if (s.subquery === undefined || !('SelectStmt' in s.subquery)) throw new NotCacheable('FROM', 'not a SELECT');
    const query = this.r.query(s.subquery.SelectStmt, s.lateral === true ? this.besides(before) : this.scope);
    return this.derived(
      query,
      outputsOf(query).map((o) => o.name),
      s.alias?.aliasname ?? '',
      s.alias,
    );
  }

  private besides(before: Source | undefined): Scope {
    return before === undefined ? this.scope : new Scope(this.scope, before.relations, before.columns);
  }

  private derived(query: Query, own: readonly string[], alias: string, rename: Alias | undefined): Source {
    const occ = this.r.nextSource();
    const columns = outputsOf(query).map((o, i): Column => {
      const name = own[i] ?? o.name;
      return { name, expr: columnFor(occ, String(i), o) };
    });
    return this.source({ k: 'derived', occ, query, names: columns.map((_, i) => String(i)) }, columns, alias, rename);
  }

  /** Rows whose columns are outputs of a recursion, or of functions. */
  private rows(exprs: readonly Expr[], outputs: readonly Output[], alias: string, rename: Alias | undefined): Source {
    const occ = this.r.nextSource();
    const from: RowsFrom = { k: 'rows', occ, exprs };
    return this.source(
      from,
      outputs.map((o): Column => ({ name: o.name, expr: columnFor(occ, o.name, o) })),
      alias,
      rename,
    );
  }

  private rowFunction(f: RangeFunction, before: Source | undefined): Source {
    const level: Level = {
      scope: this.besides(before),
      aggregated: false,
      multiplies: true,
      partitions: [],
      windows: new Map(),
    };
    const resolver = new ExprResolver(this.r, level);
    const calls = (f.functions ?? [])
      .flatMap((n) => ('List' in n ? (n.List.items ?? []) : []))
      .filter((n) => Object.keys(n).length > 0);
    const exprs = calls.map((n) => resolver.resolve(n));
    const first = calls[0];
    const name = first !== undefined && 'FuncCall' in first ? (names(first.FuncCall.funcname).at(-1) ?? '') : 'column';
    const alias = f.alias?.aliasname ?? name;
    const defined = (f.coldeflist ?? []).map((n) => ('ColumnDef' in n ? (n.ColumnDef.colname ?? '') : ''));
    const given = names(f.alias?.colnames);
    const width = Math.max(given.length, defined.length, calls.length);
    const coll = leastKnown(exprs.map(collationWithin));
    const outputs = Array.from({ length: width }, (_, i): Output => ({
      name: given[i] ?? defined[i] ?? alias,
      type: i === 0 ? elementType(exprs[0]) : 'other:?',
      coll,
    }));
    const ordinality =
      f.ordinality === true && given.length <= calls.length ? [{ name: 'ordinality', type: 'int8', coll }] : [];
    const composite =
      this.r.functionFacts(name).length > 0 && given.length === 0 && defined.length === 0 ? FIELDS[name] : undefined;
    return this.rows(
      exprs,
      [...(composite?.map((field) => ({ name: field, type: 'other:?', coll })) ?? outputs), ...ordinality],
      alias,
      undefined,
    );
  }

  private join(j: JoinExpr, before: Source | undefined): Source {
    if (j.larg === undefined || j.rarg === undefined) throw new NotCacheable('JOIN', 'not understood');
    const left = this.item(j.larg, before);
    const seen =
      before === undefined
        ? left
        : {
            ...left,
            relations: [...before.relations, ...left.relations],
            columns: [...before.columns, ...left.columns],
          };
    const right = this.item(j.rarg, seen);
    const kind = j.jointype ?? 'JOIN_INNER';
    const using = j.isNatural === true ? sharedNames(left, right) : names(j.usingClause);
    const merged = using.map((name) => this.merge(name, kind, left, right));
    const on = j.quals === undefined ? [] : this.condition(j.quals, left, right);
    const source = joinedAs(kind, left, right, [...merged.flatMap((m) => conjuncts(m.equal)), ...on]);
    const rest = (side: Source) => side.columns.filter((c) => !using.includes(c.name));
    const columns = [...merged.map((m) => m.column), ...rest(left), ...rest(right)];
    if (j.alias === undefined) return { ...source, columns };
    return { from: source.from, ...renamed(columns, j.alias.aliasname ?? '', j.alias) };
  }

  private condition(quals: Node, left: Source, right: Source): readonly Expr[] {
    const scope = new Scope(this.scope, [...left.relations, ...right.relations], [...left.columns, ...right.columns]);
    const level: Level = { scope, aggregated: false, multiplies: false, partitions: [], windows: new Map() };
    return conjuncts(this.r.typing.as(new ExprResolver(this.r, level).resolve(quals), 'bool'));
  }

  private merge(name: string, kind: string, left: Source, right: Source): { column: Column; equal: Expr } {
    const [l, r] = [only(left, name), only(right, name)];
    const expr = kind === 'JOIN_RIGHT' ? r : kind === 'JOIN_FULL' ? whole(l, r) : l;
    return { column: { name, expr }, equal: this.r.typing.compare('eq', l, r) };
  }

  private source(
    from: From,
    columns: readonly Column[],
    alias: string,
    rename: Alias | undefined,
    schema?: string,
  ): Source {
    return { from, ...renamed(columns, alias, rename, from.k === 'table', schema) };
  }
}

function columnFor(occ: number, name: string, { type, coll }: Output): Expr {
  const column = { k: 'col', occ, name, type: type === UNKNOWN_TYPE ? 'text' : type } as const;
  return coll === undefined ? column : { ...column, coll };
}

/** As the column keeps it: rounded, cut or padded. What is longer than a varchar is never stored. */
function stored(t: Typing, expr: Expr, { type, typmod }: ColumnFacts): Expr {
  const value = expr.type === type ? expr : cast(t, expr, type, []);
  if (typmod < 0 || type === 'varchar') return value;
  if (type !== 'numeric') return opaque('a generated column of limited length', [value], type);
  const packed = typmod - 4;
  return cast(t, value, type, [packed >> 16, packed & 0x7ff]);
}

/** Of two types PostgreSQL makes one: of numbers and their kind the wider. */
function whole(l: Expr, r: Expr): Expr {
  return l.type === r.type ? call('coalesce', [l, r], l.type, collationOf(l, r)) : opaque('a merged column', [l, r]);
}

function mentions(tree: unknown, name: string): boolean {
  return JSON.stringify(tree ?? null).includes(`"RangeVar":{"relname":${JSON.stringify(name)}`);
}
