import type { FuncCall } from 'libpg-query';
import type { Catalog, FunctionFacts, SqlFunction } from './catalog.js';
import { candidatesFor, eachNode, names, type Tree } from './function-call.js';
import { parse, type Node } from './parser.js';

/** The statements in a function's body, written as a string, as RETURN or as BEGIN ATOMIC. */
export function bodyOf({ body }: SqlFunction): readonly Node[] {
  const atomic = /^\s*BEGIN ATOMIC\s+([^]*?);?\s*END\s*$/i.exec(body)?.[1];
  return parse((atomic ?? body).replace(/^\s*RETURN\b/i, 'SELECT'));
}

/**
 * The expression that a call of an SQL function stands for, its arguments in their places; undefined where the body is no such expression or
 * the call is not a plain one. PostgreSQL's planner does the same.
 */
export function expanded(f: FunctionFacts, call: FuncCall, catalog: Catalog): Node | undefined {
  const args = call.args ?? [];
  if (f.sql === null || f.returnsSet || f.aggregate || args.length !== f.sql.parameters.length) return undefined;
  if (call.func_variadic === true || args.some((a) => 'NamedArgExpr' in a)) return undefined;
  const body = soleExpression(f.sql);
  if (body === undefined || severalRows(body, catalog)) return undefined;
  const types = f.sql.parameters.map(([, type]) => typeNode(type));
  const typed = args.map((arg, i): Node => ({ TypeCast: { arg, typeName: types[i] } }) as Node);
  const value = filled(body, f, typed);
  if (value === undefined) return undefined;
  const result = { TypeCast: { arg: value, typeName: typeNode(f.sql.result) } } as Node;
  return f.sql.strict && args.length > 0 ? unlessNull(args, result) : result;
}

function soleExpression(sql: SqlFunction): Node | undefined {
  const [node, ...more] = bodyOf(sql);
  const select = node !== undefined && more.length === 0 && 'SelectStmt' in node ? node.SelectStmt : undefined;
  if (select === undefined) return undefined;
  const [target, ...others] = select.targetList ?? [];
  const plain = others.length === 0 && Object.keys(select).every((key) => BARE.has(key));
  return plain && target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined;
}

/** What every SELECT has, however short. */
const BARE = new Set(['targetList', 'limitOption', 'op']);

/** Whether something in the body looks at more than one row, or makes more. */
function severalRows(body: Node, catalog: Catalog): boolean {
  let found = false;
  eachNode(body, (kind, node) => {
    if (kind === 'FuncCall')
      found ||= 'over' in node || candidatesFor(node, catalog).some((f) => f.aggregate || f.returnsSet);
  });
  return found;
}

/** The body with arguments for `$1` and for names; undefined as soon as a name is none of them. */
function filled(body: Node, { name, sql }: FunctionFacts, args: readonly Node[]): Node | undefined {
  let whole = true;
  const byName = new Map((sql?.parameters ?? []).map(([parameter], i) => [parameter, args[i]]));
  const argument = (path: readonly string[]) =>
    path.length === 1 || (path.length === 2 && path[0] === name) ? byName.get(path.at(-1) ?? '') : undefined;
  const fill = (tree: unknown): unknown => {
    if (Array.isArray(tree)) return tree.map(fill);
    if (typeof tree !== 'object' || tree === null) return tree;
    const { ParamRef: param, ColumnRef: column, ...rest } = tree as Record<string, Tree | undefined>;
    const found =
      param !== undefined ? args[Number(param['number'] ?? 0) - 1] : column && argument(names(column['fields']));
    if (param === undefined && column === undefined) {
      // A place in the body is no place in the statement.
      const parts = Object.entries(rest).filter(([key]) => key !== 'location');
      return Object.fromEntries(parts.map(([key, child]) => [key, fill(child)]));
    }
    whole &&= found !== undefined;
    return found;
  };
  const result = fill(body) as Node;
  return whole ? result : undefined;
}

/** A strict function is not asked about nulls. */
function unlessNull(args: readonly Node[], value: Node): Node {
  const tests = args.map((arg): Node => ({ NullTest: { arg, nulltesttype: 'IS_NULL' } }));
  const expr = { BoolExpr: { boolop: 'OR_EXPR', args: tests } } as Node;
  const when = { CaseWhen: { expr, result: { A_Const: { isnull: true } } } } as Node;
  return { CaseExpr: { args: [when], defresult: value } };
}

function typeNode(type: string): unknown {
  const [node] = parse(`SELECT NULL::${type}`);
  let found: unknown;
  eachNode(node, (kind, child) => {
    if (kind === 'typeName') found = child;
  });
  return found;
}
