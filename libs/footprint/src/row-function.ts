import type { RangeFunction } from 'libpg-query';
import { leastKnown } from './catalog.js';
import type { Expr } from './expr.js';
import { names } from './function-call.js';
import type { Node } from './parser.js';
import { collationWithin, type Output } from './query.js';
import { ExprResolver } from './resolve-expr.js';
import type { Resolver } from './resolve.js';
import { newLevel, type Scope } from './scope.js';

/** A function in FROM: what it computes, and the columns that it brings. */
export interface RowFunction {
  readonly exprs: readonly Expr[];
  readonly outputs: readonly Output[];
  readonly alias: string;
}

export function rowFunction(r: Resolver, f: RangeFunction, scope: Scope): RowFunction {
  const calls = (f.functions ?? [])
    .flatMap((n) => ('List' in n ? (n.List.items ?? []) : []))
    .filter((n) => Object.keys(n).length > 0);
  const resolver = new ExprResolver(r, newLevel(scope));
  const exprs = calls.map((n) => resolver.resolve(n));
  const name = nameOf(calls[0]);
  const alias = f.alias?.aliasname ?? name;
  const coll = leastKnown(exprs.map(collationWithin));
  const given = names(f.alias?.colnames);
  const columns = given.length === 0 && f.coldeflist === undefined ? fieldsOf(r, name) : undefined;
  const outputs = columns?.map((field) => ({ name: field, type: 'other:?', coll })) ?? named(f, exprs, alias);
  const counted = f.ordinality === true && given.length <= calls.length;
  return { exprs, alias, outputs: counted ? [...outputs, { name: 'ordinality', type: 'int8', coll }] : outputs };
}

function named(f: RangeFunction, exprs: readonly Expr[], alias: string): readonly Output[] {
  const given = names(f.alias?.colnames);
  const defined = (f.coldeflist ?? []).map((n) => ('ColumnDef' in n ? (n.ColumnDef.colname ?? '') : ''));
  const coll = leastKnown(exprs.map(collationWithin));
  return Array.from({ length: Math.max(given.length, defined.length, exprs.length) }, (_, i): Output => ({
    name: given[i] ?? defined[i] ?? alias,
    type: i === 0 ? elementType(exprs[0]) : 'other:?',
    coll,
  }));
}

function nameOf(node: Node | undefined): string {
  return node !== undefined && 'FuncCall' in node ? (names(node.FuncCall.funcname).at(-1) ?? '') : 'column';
}

function fieldsOf(r: Resolver, name: string): readonly string[] | undefined {
  return r.functionFacts(name).length > 0 ? FIELDS[name] : undefined;
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

function elementType(e: Expr | undefined): string {
  if (e === undefined) return 'other:?';
  if (e.k === 'opaque' && e.why === 'unnest()')
    return e.args[0]?.type.endsWith('[]') === true ? e.args[0].type.slice(0, -2) : 'other:?';
  if (e.k === 'opaque' && e.why === 'generate_series()')
    return e.args.every((a) => a.type === 'int4') ? 'int4' : 'other:?';
  return e.type;
}
