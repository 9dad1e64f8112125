import type { FuncCall, WindowDef } from 'libpg-query';
import { builtin } from './builtins.js';
import { NotCacheable, placed } from './errors.js';
import { columnsOf, late, risky, type Expr } from './expr.js';
import { candidatesFor, names } from './function-call.js';
import { columnsWithin } from './may-fail.js';
import type { ExprResolver } from './resolve-expr.js';
import type { Level, Scope } from './scope.js';
import { expanded } from './sql-function.js';

export function functionCall(e: ExprResolver, f: FuncCall): Expr {
  const name = names(f.funcname).at(-1) ?? '';
  const { catalog, typing } = e.r;
  const args = e.all(f.args);
  const facts = e.r.functionFacts(name);
  const more = [...e.all(f.agg_order), ...(f.agg_filter === undefined ? [] : [e.resolve(f.agg_filter)])];
  if (f.over !== undefined) {
    const over = f.over;
    const inWindow = [...args, ...more, ...placed(over, () => window(e, over))];
    return late(`${name}() over a window`, inWindow, builtin(typing, name, args).type);
  }
  if (facts.some((x) => x.aggregate)) {
    aggregate(e.level, [...args, ...more]);
    return late(`the aggregate ${name}()`, [...args, ...more], builtin(typing, name, args).type);
  }
  if (facts.some((x) => x.returnsSet)) e.level.multiplies = true;
  const candidates = candidatesFor({ ...f }, catalog);
  if (candidates.every((x) => x.schema === 'pg_catalog')) return builtin(typing, name, args);
  const [only, ...others] = candidates;
  const body = only !== undefined && others.length === 0 ? expanded(only, f, catalog) : undefined;
  return body === undefined ? risky(`${name}()`, args) : e.resolve(body);
}

/** An aggregate over columns of a query outside belongs to that query: in `SELECT (SELECT count(o.id)) FROM o` it makes one row of all o. */
function aggregate(level: Level, args: readonly Expr[]): void {
  level.aggregated = true;
  const { scope } = level;
  const read = new Set(args.flatMap(columnsWithin).map((c) => c.occ));
  const reads = (level: Scope) =>
    level.relations.some((r) => r.columns.some((c) => columnsOf(c.expr).some((x) => read.has(x.occ))));
  if (reads(scope)) return;
  const around: Scope[] = [];
  for (let outer = scope.parent; outer !== undefined; outer = outer.parent) around.push(outer);
  if (around.some(reads)) for (const outer of around) outer.aggregatedInside = true;
}

/** `OVER w` names a window; `OVER (w …)` and `WINDOW v AS (w …)` build upon one. */
function window(e: ExprResolver, over: WindowDef): readonly Expr[] {
  const { windows, partitions } = e.level;
  const chain = windowChain(windows, over.name === undefined ? over : windows.get(over.name));
  const partition = chain.flatMap((w) => e.all(w.partitionClause));
  partitions.push(partition);
  const bounds = chain.flatMap((w) => [w.startOffset, w.endOffset]).filter((n) => n !== undefined);
  return [...partition, ...chain.flatMap((w) => e.all(w.orderClause)), ...e.all(bounds)];
}

function windowChain(windows: Level['windows'], w: WindowDef | undefined, depth = 0): readonly WindowDef[] {
  if (w === undefined || depth > 10) throw new NotCacheable('OVER', 'no such window');
  return w.refname === undefined ? [w] : [w, ...windowChain(windows, windows.get(w.refname), depth + 1)];
}
