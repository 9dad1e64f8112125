import type { SelectStmt } from 'libpg-query';
import { NotCacheable, placed } from './errors.js';
import { UNKNOWN_TYPE } from './expr.js';
import { names } from './function-call.js';
import { outputsOf, type Output, type Query } from './query.js';
import type { Resolver } from './resolve.js';
import { Scope, type Cte } from './scope.js';

/** Every reading of a CTE is a copy of its own, so that each can be filtered by itself: nothing in it is volatile. */
export function cteQuery(r: Resolver, cte: Cte, name: string): Query {
  const { ast } = cte;
  if (!cte.mayRecurse || ast.op === undefined || ast.op === 'SETOP_NONE' || !mentions(ast.rarg, name))
    return r.query(ast, cte.scope);
  if (ast.larg === undefined || ast.rarg === undefined || ast.withClause !== undefined)
    throw new NotCacheable(name, 'a recursion that is not understood');
  const base = r.query(ast.larg, cte.scope);
  const outputs = outputsOf(base).map((o, i): Output => ({
    name: cte.names[i] ?? o.name,
    type: o.type === UNKNOWN_TYPE ? 'text' : o.type,
    coll: o.coll,
  }));
  const inside = new Scope(cte.scope);
  inside.ctes.set(name, { ...cte, rows: outputs });
  return { k: 'recursion', base, step: r.query(ast.rarg, inside), outputs };
}

function mentions(tree: unknown, name: string): boolean {
  return JSON.stringify(tree ?? null).includes(`"RangeVar":{"relname":${JSON.stringify(name)}`);
}

/** The CTEs that WITH defines become visible in the scope. */
export function defineCtes(r: Resolver, select: SelectStmt, scope: Scope): void {
  const clause = select.withClause;
  const recursive = clause?.recursive === true;
  const defined: (readonly [string, Cte, unknown])[] = [];
  for (const node of clause?.ctes ?? []) {
    const cte = 'CommonTableExpr' in node ? node.CommonTableExpr : undefined;
    if (cte?.ctequery === undefined || !('SelectStmt' in cte.ctequery))
      throw new NotCacheable(`WITH ${cte?.ctename ?? ''}`, 'not a SELECT');
    for (const clause of [cte.search_clause, cte.cycle_clause])
      if (clause !== undefined)
        placed(clause, () => {
          throw new NotCacheable('SEARCH or CYCLE', 'not understood');
        });
    const own = recursive ? scope : scopeBefore(scope);
    const ast = cte.ctequery.SelectStmt;
    const definition: Cte = { ast, names: names(cte.aliascolnames), scope: own, mayRecurse: recursive };
    scope.ctes.set(cte.ctename ?? '', definition);
    defined.push([cte.ctename ?? '', definition, cte]);
  }
  // Parameters get their types here, as in PostgreSQL; unread CTEs are checked like read ones.
  for (const [name, cte, node] of defined) placed(node, () => cteQuery(r, cte, name));
}

/** Without RECURSIVE a CTE sees those before it, not itself. */
function scopeBefore(scope: Scope): Scope {
  const own = new Scope(scope.parent);
  for (const [name, before] of scope.ctes) own.ctes.set(name, before);
  return own;
}
