import { tableName, type TableName } from '@freshet/cache-keys';
import type { Catalog } from '@freshet/footprint';
import type { Entry } from '../case.js';
import { arrayText, sqlValue } from '../product.js';
import type { Session } from '../session.js';
import { conjunctsOf, isLocal } from './conjuncts.js';

/** One scan of a table in PostgreSQL's plan, with what PostgreSQL itself has proved to be a condition on its rows alone. */
export interface Scan {
  readonly table: TableName;
  readonly alias: string;
  /** SQL over the scan's alias: a row for which one is not true does not count. */
  readonly conditions: readonly string[];
}

interface PlanNode {
  readonly Schema?: string;
  readonly 'Relation Name'?: string;
  readonly Alias?: string;
  readonly Filter?: string;
  readonly 'One-Time Filter'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Indexes would take conditions out of the filter, and what is remembered between rows would hide a scan. */
export const PLAIN_PLANS = `SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off; SET enable_tidscan = off;
  SET enable_memoize = off; SET max_parallel_workers_per_gather = 0; SET plan_cache_mode = force_custom_plan`;

/** @returns every scan that can yield a row; undefined where PostgreSQL has no plan (the statement fails while it is planned). */
export async function scansOf(session: Session, entry: Entry, catalog: Catalog): Promise<readonly Scan[] | undefined> {
  try {
    await session.run(`DEALLOCATE ALL; PREPARE planned AS ${entry.sql}`);
    const { rows } = await session.run(`EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) ${executed(entry)}`);
    const [row] = rows as { 'QUERY PLAN': readonly { Plan: PlanNode }[] }[];
    return (row?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => scansIn(Plan, catalog));
  } catch {
    return undefined;
  }
}

function scansIn(node: PlanNode, catalog: Catalog): readonly Scan[] {
  if (node['One-Time Filter'] === 'false') return [];
  const below = (node.Plans ?? []).flatMap((child) => scansIn(child, catalog));
  const { Schema: schema, 'Relation Name': relation, Alias: alias, Filter: filter } = node;
  if (schema === undefined || relation === undefined || alias === undefined) return below;
  const table = tableName(schema, relation);
  const columns = catalog.tables.get(table)?.columns ?? [];
  const stored = new Set(columns.filter((c) => c.generated === null).map((c) => c.name));
  const conditions = (filter === undefined ? [] : conjunctsOf(filter)).filter((c) => isLocal(c, alias, stored));
  return [...below, { table, alias, conditions }];
}

/** The statement prepared as `planned`, run with its values as text, as a driver sends them. */
export function executed({ params = [] }: Entry): string {
  const texts = params.map(sqlValue).map((v) => (Array.isArray(v) ? arrayText(v) : v));
  const values = texts.map((t) => (t === null ? 'NULL' : `'${String(t).replaceAll("'", "''")}'`));
  return `EXECUTE planned${values.length === 0 ? '' : `(${values.join(', ')})`}`;
}
