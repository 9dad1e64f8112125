import type { Catalog, FunctionFacts } from './catalog.js';
import type { Refusal } from './footprint.js';
import { parse } from './parser.js';

/** Functions of pg_catalog that follow session settings at most: the settings of the reading role are fixed, so they may be cached. */
const SETTINGS_ONLY = new Set(
  `to_char to_date to_timestamp to_number to_json to_jsonb row_to_json array_to_json json_build_object jsonb_build_object json_build_array
   jsonb_build_array json_agg jsonb_agg json_object_agg jsonb_object_agg json_agg_strict jsonb_agg_strict json_object_agg_unique
   jsonb_object_agg_unique json_object_agg_strict jsonb_object_agg_strict concat concat_ws format array_to_string date_trunc date_part extract
   timezone date timestamp timestamptz time timetz age generate_series to_tsvector to_tsquery plainto_tsquery phraseto_tsquery
   websearch_to_tsquery make_timestamptz quote_literal quote_nullable json_populate_record jsonb_populate_record json_populate_recordset
   jsonb_populate_recordset json_to_record jsonb_to_record json_to_recordset jsonb_to_recordset date_add date_subtract date_bin interval money
   jsonb_path_exists_tz jsonb_path_match_tz jsonb_path_query_tz jsonb_path_query_array_tz jsonb_path_query_first_tz overlaps`.split(
    /\s+/,
  ),
);

const SESSION_VALUES: Readonly<Record<string, string>> = {
  SVFOP_CURRENT_DATE: 'CURRENT_DATE',
  SVFOP_CURRENT_ROLE: 'CURRENT_ROLE',
  SVFOP_CURRENT_USER: 'CURRENT_USER',
  SVFOP_USER: 'USER',
  SVFOP_SESSION_USER: 'SESSION_USER',
  SVFOP_CURRENT_CATALOG: 'CURRENT_CATALOG',
  SVFOP_CURRENT_SCHEMA: 'CURRENT_SCHEMA',
};

type Tree = Readonly<Record<string, unknown>>;
type Check = (node: Tree, catalog: Catalog) => Omit<Refusal, 'position'> | undefined;

/** What makes an answer depend on more than the captured tables, wherever in the tree it stands. */
const CHECKS: Readonly<Record<string, Check>> = {
  SQLValueFunction: ({ op }) => ({
    construct: SESSION_VALUES[String(op)] ?? String(op).replace('SVFOP_', ''),
    reason: 'answers by the clock or the session',
  }),
  LockingClause: () => ({ construct: 'FOR UPDATE or FOR SHARE', reason: 'locks rows' }),
  intoClause: () => ({ construct: 'SELECT INTO', reason: 'creates a table' }),
  RangeTableSample: () => ({ construct: 'TABLESAMPLE', reason: 'picks rows by chance' }),
  InsertStmt: () => ({ construct: 'INSERT', reason: 'writes' }),
  UpdateStmt: () => ({ construct: 'UPDATE', reason: 'writes' }),
  DeleteStmt: () => ({ construct: 'DELETE', reason: 'writes' }),
  MergeStmt: () => ({ construct: 'MERGE', reason: 'writes' }),
  FuncCall: checkFunction,
  A_Expr: ({ name }, catalog) => {
    const operator = names(name).at(-1) ?? '';
    if (!catalog.restlessOperators.has(operator)) return undefined;
    return { construct: `operator ${operator}`, reason: 'a user-defined operator that is not immutable' };
  },
  typeName: (node) => {
    const type = names(node['names']).at(-1) ?? '';
    return /^reg/.test(type) ? { construct: `cast to ${type}`, reason: 'reads the system catalogue' } : undefined;
  },
};

export function restlessConstructs(tree: unknown, catalog: Catalog): Refusal[] {
  const found: Refusal[] = [];
  walk(tree, (kind, node) => {
    const refusal = CHECKS[kind]?.(node, catalog);
    if (refusal !== undefined) found.push({ ...refusal, position: positionOf(node) });
  });
  return found;
}

function walk(tree: unknown, visit: (kind: string, node: Tree) => void): void {
  if (Array.isArray(tree)) for (const item of tree) walk(item, visit);
  else if (typeof tree === 'object' && tree !== null)
    for (const [kind, node] of Object.entries(tree)) {
      if (typeof node === 'object' && node !== null && !Array.isArray(node)) visit(kind, node as Tree);
      walk(node, visit);
    }
}

function positionOf(node: Tree): number | undefined {
  return typeof node['location'] === 'number' ? node['location'] : undefined;
}

export function names(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item: { String?: { sval?: string } }) => item.String?.sval ?? '');
}

function checkFunction(node: Tree, catalog: Catalog): Omit<Refusal, 'position'> | undefined {
  const path = names(node['funcname']);
  const construct = `${path.join('.')}()`;
  const candidates = candidatesOf(node, catalog);
  if (candidates.length === 0) return { construct, reason: 'no such function is known' };
  const reason = candidates.map((f) => reasonAgainst(f, catalog)).find((against) => against !== undefined);
  return reason === undefined ? undefined : { construct, reason };
}

function candidatesOf(node: Tree, catalog: Catalog): readonly FunctionFacts[] {
  const path = names(node['funcname']);
  const schema = path.length > 1 ? path.at(-2) : undefined;
  const count = lengthOf(node['args']);
  const counts = [count, count + lengthOf(node['agg_order'])];
  return (catalog.functions.get(path.at(-1) ?? '') ?? []).filter(
    (f) =>
      (schema === undefined
        ? catalog.searchPath.includes(f.schema) || f.schema === 'pg_catalog'
        : f.schema === schema) &&
      counts.some((n) => f.minArguments <= n && (f.maxArguments === -1 || n <= f.maxArguments)),
  );
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

function reasonAgainst(f: FunctionFacts, catalog: Catalog): string | undefined {
  if (f.volatility === 'v') return 'a volatile function';
  if (f.schema === 'pg_catalog' && SETTINGS_ONLY.has(f.name))
    return f.name === 'age' && f.maxArguments === 1 ? 'reads the clock' : undefined;
  if (f.volatility === 's') return 'a stable function: it may read the clock, the session or tables';
  if (f.trusted) return undefined;
  return readsNothing(f, catalog) ? undefined : 'a user-defined function whose body may read tables';
}

/** An immutable SQL function whose body is one SELECT without FROM, of harmless functions. */
function readsNothing(f: FunctionFacts, catalog: Catalog): boolean {
  if (f.body === null || f.aggregate) return false;
  try {
    const statements = parse(f.body.replace(/^\s*RETURN\b/i, 'SELECT'));
    const text = JSON.stringify(statements);
    return (
      statements.length === 1 &&
      !/"(fromClause|SubLink)"/.test(text) &&
      restlessConstructs(statements, catalog).length === 0
    );
  } catch {
    return false;
  }
}
