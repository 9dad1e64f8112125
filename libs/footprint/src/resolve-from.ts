import type { Alias, JoinExpr, RangeSubselect, RangeVar } from 'libpg-query';
import type { TableFacts } from './catalog.js';
import { NotCacheable, inside, placedWithin } from './errors.js';
import { UNKNOWN_TYPE, type Expr } from './expr.js';
import { generatedColumn } from './generated-column.js';
import { parse, type Node } from './parser.js';
import { outputsOf, type From, type Output, type Query } from './query.js';
import { findRelation, refuseRelation } from './relations.js';
import { cteQuery } from './resolve-cte.js';
import { joinSources } from './resolve-join.js';
import type { Resolver } from './resolve.js';
import { restlessConstructs } from './restless.js';
import { rowFunction } from './row-function.js';
import { Scope, type Column, type Cte } from './scope.js';
import { joined, renamed, type Source } from './sources.js';

/** The names in FROM become sources: tables, views and sub-queries expanded, rows that no table holds. */
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
    return placedWithin(node, () => this.source(node, before));
  }

  private source(node: Node, before: Source | undefined): Source {
    if ('RangeVar' in node) return this.rangeVar(node.RangeVar);
    if ('RangeSubselect' in node) return this.subselect(node.RangeSubselect, before);
    if ('JoinExpr' in node) return this.join(node.JoinExpr, before);
    if ('RangeFunction' in node) {
      const { exprs, outputs, alias, open } = rowFunction(this.r, node.RangeFunction, this.besides(before));
      return this.rows(exprs, outputs, { alias, rename: undefined, open });
    }
    throw new NotCacheable(Object.keys(node)[0] ?? 'FROM', 'this kind of source is not understood');
  }

  private rangeVar(v: RangeVar): Source {
    const name = v.relname ?? '';
    const cte = v.schemaname === undefined ? this.scope.cte(name) : undefined;
    if (cte !== undefined) return this.cte(cte, name, v.alias);
    const facts = findRelation(this.r.catalog, v.schemaname, name);
    const written = v.schemaname === undefined ? name : `${v.schemaname}.${name}`;
    if (facts === undefined) throw new NotCacheable(written, 'no such table is known');
    this.r.relations.add(facts.name);
    if (facts.kind === 'view') return this.view(facts, v);
    const reason = refuseRelation(facts, (n) => this.r.catalog.tables.get(n));
    if (reason !== undefined) throw new NotCacheable(name, reason);
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
      c.generated === null ? (plain[i] as Column) : generatedColumn(this.r, c, plain, alias),
    );
    const schema = v.alias === undefined ? facts.schema : undefined;
    const from: From = { k: 'table', occ, alias, facts, only: v.inh !== true };
    return { from, ...renamed(columns, alias, v.alias, { system: true, schema }) };
  }

  private view(facts: TableFacts, v: RangeVar): Source {
    const [node] = parse(facts.definition ?? '');
    if (node === undefined || !('SelectStmt' in node))
      throw new NotCacheable(facts.table, 'a view that is not understood');
    const query = inside(`view ${facts.table}`, () => {
      const [restless] = restlessConstructs(node, this.r.catalog);
      if (restless !== undefined) throw new NotCacheable(restless.construct, restless.reason);
      return this.r.query(node.SelectStmt, undefined);
    });
    const own = facts.columns.map((c) => c.name);
    return this.derived(query, own, { alias: v.alias?.aliasname ?? facts.table, rename: v.alias });
  }

  private cte(cte: Cte, name: string, rename: Alias | undefined): Source {
    const alias = rename?.aliasname ?? name;
    if (cte.rows !== undefined) return this.rows([], cte.rows, { alias, rename });
    const query = cteQuery(this.r, cte, name);
    const own = outputsOf(query).map((o, i) => cte.names[i] ?? o.name);
    return this.derived(query, own, { alias, rename, cte: true });
  }

  private subselect(s: RangeSubselect, before: Source | undefined): Source {
    if (s.subquery === undefined || !('SelectStmt' in s.subquery)) throw new NotCacheable('FROM', 'not a SELECT');
    const query = this.r.query(s.subquery.SelectStmt, s.lateral === true ? this.besides(before) : this.scope);
    const own = outputsOf(query).map((o) => o.name);
    return this.derived(query, own, { alias: s.alias?.aliasname ?? '', rename: s.alias });
  }

  private besides(before: Source | undefined): Scope {
    return before === undefined ? this.scope : new Scope(this.scope, before.relations, before.columns);
  }

  private derived(query: Query, own: readonly string[], { alias, rename, cte = false }: Naming): Source {
    const occ = this.r.nextSource();
    const columns = outputsOf(query).map((o, i): Column => ({
      name: own[i] ?? o.name,
      expr: columnFor(occ, String(i), o),
    }));
    const from: From = { k: 'derived', occ, query, names: columns.map((_, i) => String(i)), cte };
    return { from, ...renamed(columns, alias, rename) };
  }

  /** Rows whose columns are outputs of a recursion, or of functions. */
  private rows(exprs: readonly Expr[], outputs: readonly Output[], { alias, rename, open = false }: Naming): Source {
    const occ = this.r.nextSource();
    const columns = outputs.map((o): Column => ({ name: o.name, expr: columnFor(occ, o.name, o) }));
    return { from: { k: 'rows', occ, exprs }, ...renamed(columns, alias, rename, { open }) };
  }

  private join(j: JoinExpr, before: Source | undefined): Source {
    if (j.larg === undefined || j.rarg === undefined) throw new NotCacheable('JOIN', 'not understood');
    const left = this.item(j.larg, before);
    const seen = before === undefined ? left : joined('inner', before, left, []);
    return joinSources(this.r, j, this.scope, [left, this.item(j.rarg, seen)]);
  }
}

interface Naming {
  readonly alias: string;
  readonly rename: Alias | undefined;
  readonly cte?: boolean;
  readonly open?: boolean;
}

function columnFor(occ: number, name: string, { type, coll }: Output): Expr {
  const column = { k: 'col', occ, name, type: type === UNKNOWN_TYPE ? 'text' : type } as const;
  return coll === undefined ? column : { ...column, coll };
}
