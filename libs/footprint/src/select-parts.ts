import type { SelectStmt, WindowDef } from 'libpg-query';
import { UNKNOWN_TYPE } from './expr.js';
import { names } from './function-call.js';
import type { Node } from './parser.js';

/** The type of a column of a set operation; `other` where only PostgreSQL knows. */
export function commonType(a: string, b: string): string {
  if (a === b || b === UNKNOWN_TYPE) return a;
  if (a === UNKNOWN_TYPE) return b;
  return 'other:?';
}

export function windowsOf(s: SelectStmt): ReadonlyMap<string, WindowDef> {
  return new Map(
    (s.windowClause ?? []).flatMap((n) => ('WindowDef' in n ? [[n.WindowDef.name ?? '', n.WindowDef] as const] : [])),
  );
}

export function flattenSets(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((n) => {
    if ('GroupingSet' in n) return flattenSets(n.GroupingSet.content ?? []);
    return 'RowExpr' in n ? flattenSets(n.RowExpr.args ?? []) : [n];
  });
}

export function isNullConstant(n: Node): boolean {
  return 'A_Const' in n && n.A_Const.isnull === true;
}

/** LIMIT 1, without those that tie with the one. */
export function isOne({ limitCount: n, limitOption }: SelectStmt): boolean {
  return limitOption !== 'LIMIT_OPTION_WITH_TIES' && n !== undefined && 'A_Const' in n && n.A_Const.ival?.ival === 1;
}

export function starOf(node: Node): '*' | readonly string[] | undefined {
  const fields = 'ColumnRef' in node ? (node.ColumnRef.fields ?? []) : [];
  if (!fields.some((f) => 'A_Star' in f)) return undefined;
  return fields.length === 1 ? '*' : names(fields.slice(0, -1));
}
