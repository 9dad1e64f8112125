import type { RangeFunction } from 'libpg-query';
import { leastKnown, type TypeName } from './catalog.js';
import type { Expr } from './expr.js';
import { names } from './function-call.js';
import type { Node } from './parser.js';
import { collationWithin, type Output } from './query.js';
import { ExprResolver } from './resolve-expr.js';
import type { Resolver } from './resolve.js';
import { newLevel, type Scope } from './scope.js';
import { familyOf } from './types/families.js';

/** A function in FROM: what it computes, and the columns that it brings. */
export interface RowFunction {
  readonly exprs: readonly Expr[];
  readonly outputs: readonly Output[];
  readonly alias: string;
  /** It may bring columns that are not known here: fields of a composite type. */
  readonly open: boolean;
}

interface Field {
  readonly name: string;
  readonly type: TypeName;
}

export function rowFunction(r: Resolver, f: RangeFunction, scope: Scope): RowFunction {
  const calls = (f.functions ?? [])
    .flatMap((n) => ('List' in n ? (n.List.items ?? []) : []))
    .filter((n) => Object.keys(n).length > 0);
  const resolver = new ExprResolver(r, newLevel(scope));
  const exprs = calls.map((n) => resolver.resolve(n));
  const alias = f.alias?.aliasname ?? nameOf(calls[0]);
  const coll = leastKnown(exprs.map(collationWithin));
  const own = f.coldeflist === undefined ? calls.map(fieldsOf) : [defined(f.coldeflist)];
  const scalar = exprs.length === 1 ? alias : undefined;
  const fields = own.flatMap((list, i) => list ?? [{ name: scalar ?? nameOf(calls[i]), type: elementType(exprs[i]) }]);
  const counted: Field[] = f.ordinality === true ? [...fields, { name: 'ordinality', type: 'int8' }] : fields;
  const given = names(f.alias?.colnames);
  const outputs = Array.from({ length: Math.max(given.length, counted.length) }, (_, i): Output => ({
    name: given[i] ?? counted[i]?.name ?? '',
    type: counted[i]?.type ?? 'other:?',
    coll,
  }));
  const known = own.every((list, i) => list !== undefined || isScalar(calls[i], exprs[i]));
  return { exprs, alias, outputs, open: !known };
}

function defined(list: readonly Node[]): readonly Field[] {
  return list.map((n) => ({ name: 'ColumnDef' in n ? (n.ColumnDef.colname ?? '') : '', type: 'other:?' }));
}

/** What has one column, whatever its arguments: known by its name, or by its type. */
function isScalar(call: Node | undefined, e: Expr | undefined): boolean {
  const type = nameOf(call) === 'unnest' ? elementType(e) : (e?.type ?? '');
  return ONE_COLUMN.has(nameOf(call)) || familyOf(type) !== 'raw';
}

const ONE_COLUMN = new Set(
  'generate_series generate_subscripts json_object_keys jsonb_object_keys jsonb_path_query regexp_matches regexp_split_to_table string_to_table'.split(
    ' ',
  ),
);

function nameOf(node: Node | undefined): string {
  return node !== undefined && 'FuncCall' in node ? (names(node.FuncCall.funcname).at(-1) ?? '') : 'column';
}

/** Undefined: one column, or what is not known here. */
function fieldsOf(call: Node | undefined): readonly Field[] | undefined {
  return FIELDS[nameOf(call)]?.map((field) => ({ name: field, type: 'other:?' }));
}

/** Columns of composite results that statements name without a column list. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  jsonb_each: ['key', 'value'],
  json_each: ['key', 'value'],
  jsonb_each_text: ['key', 'value'],
  json_each_text: ['key', 'value'],
  jsonb_array_elements: ['value'],
  json_array_elements: ['value'],
  jsonb_array_elements_text: ['value'],
  json_array_elements_text: ['value'],
};

function elementType(e: Expr | undefined): TypeName {
  if (e === undefined) return 'other:?';
  if (e.k === 'opaque' && e.why === 'unnest()') return elementOf(e.args[0]);
  if (e.k === 'opaque' && e.why === 'generate_series()')
    return e.args.every((a) => a.type === 'int4') ? 'int4' : 'other:?';
  return e.type;
}

function elementOf(array: Expr | undefined): TypeName {
  return array?.type.endsWith('[]') === true ? array.type.slice(0, -2) : 'other:?';
}
