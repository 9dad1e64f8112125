import type { Catalog, FunctionFacts, SqlFunction } from './catalog.js';
import { candidatesFor, eachNode, names, type Tree } from './function-call.js';
import { bodyOf } from './sql-function.js';

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

/** What depends on more than the captured tables. */
export interface Restless {
  readonly construct: string;
  readonly reason: string;
  readonly node: Tree;
}

type Found = Omit<Restless, 'node'>;
/** All the ways to say it. */
export const LOCKS = 'FOR UPDATE or FOR SHARE';

type Check = (node: Tree, catalog: Catalog) => Found | undefined;

/** What makes an answer depend on more than the captured tables, wherever in the tree it stands. */
const CHECKS: Readonly<Record<string, Check>> = {
  SQLValueFunction: ({ op }) => ({
    construct: SESSION_VALUES[String(op)] ?? String(op).replace('SVFOP_', ''),
    reason: 'answers by the clock or the session',
  }),
  LockingClause: () => ({ construct: LOCKS, reason: 'locks rows' }),
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
    return {
      construct: `operator ${operator}`,
      reason: 'a user-defined operator that is not immutable, or whose function is not read',
    };
  },
  typeName: (node, catalog) => {
    const type = names(node['names']).at(-1) ?? '';
    if (catalog.restlessCasts.has(type)) return { construct: `cast to ${type}`, reason: 'by a user-defined function' };
    return /^reg/.test(type) ? { construct: `cast to ${type}`, reason: 'reads the system catalogue' } : undefined;
  },
};

export function restlessConstructs(tree: unknown, catalog: Catalog): Restless[] {
  const found: Restless[] = [];
  eachNode(tree, (kind, node) => {
    const restless = CHECKS[kind]?.(node, catalog);
    if (restless !== undefined) found.push({ ...restless, node });
  });
  return found;
}

function checkFunction(node: Tree, catalog: Catalog): Found | undefined {
  const path = names(node['funcname']);
  const construct = `${path.join('.')}()`;
  const candidates = candidatesFor(node, catalog);
  if (candidates.length === 0) return { construct, reason: 'no such function is known' };
  const reason = candidates.map((f) => reasonAgainst(f, catalog)).find((against) => against !== undefined);
  return reason === undefined ? undefined : { construct, reason };
}

function reasonAgainst(f: FunctionFacts, catalog: Catalog): string | undefined {
  if (f.volatility === 'v') return 'a volatile function';
  if (f.schema === 'pg_catalog' && SETTINGS_ONLY.has(f.name))
    return f.name === 'age' && f.maxArguments === 1 ? 'reads the clock' : undefined;
  if (f.volatility === 's') return 'a stable function: it may read the clock, the session or tables';
  if (f.trusted) return undefined;
  return f.sql === null ? unread(f) : reasonInBody(f.sql, catalog);
}

function unread({ aggregate, language }: FunctionFacts): string {
  if (aggregate) return 'a user-defined aggregate: its functions are not read';
  if (language !== 'sql') return `a user-defined function in ${language}: its body is not read and may read tables`;
  return 'a user-defined function that is overloaded, has defaults or OUT parameters, or runs under rights or settings of its own';
}

/** Only a body that is one SELECT without FROM, of harmless functions, surely reads nothing but its arguments. */
function reasonInBody(sql: SqlFunction, catalog: Catalog): string | undefined {
  try {
    const statements = bodyOf(sql);
    const [inside] = restlessConstructs(statements, catalog);
    if (inside !== undefined) return `${inside.construct} in its body: ${inside.reason}`;
    const single = statements.length === 1 && statements.every((s) => 'SelectStmt' in s);
    return single && !/"(fromClause|SubLink)"/.test(JSON.stringify(statements))
      ? undefined
      : 'a user-defined function whose body reads tables, or is more than one SELECT';
  } catch {
    return 'a user-defined function whose body is not understood';
  }
}
