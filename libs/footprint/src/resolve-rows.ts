import { opaque, not, type Expr } from './expr.js';
import { COMPARISONS } from './operators.js';
import type { Node } from './parser.js';
import type { Typing } from './typing.js';

export function isRow(node: Node | undefined): node is Extract<Node, { RowExpr: unknown }> {
  return node !== undefined && 'RowExpr' in node;
}

export function rowItems(node: Node): readonly Node[] {
  return 'RowExpr' in node ? (node.RowExpr.args ?? []) : [];
}

/** Row-wise comparison: equality column by column; `<` by the first column that differs. */
export function compareRows(t: Typing, kind: string, op: string, a: readonly Expr[], b: readonly Expr[]): Expr {
  const pair = (i: number) => [a[i] as Expr, b[i] as Expr] as const;
  const comparison = COMPARISONS[op];
  if (kind !== 'AEXPR_OP' || comparison === undefined || a.length !== b.length)
    return opaque('a row comparison', [...a, ...b], 'bool');
  const each = a.map((_, i) => t.compare('eq', ...pair(i)));
  if (comparison === 'eq') return { k: 'and', args: each, type: 'bool' };
  if (comparison === 'ne') return not({ k: 'and', args: each, type: 'bool' });
  const strict = comparison.startsWith('l') ? 'lt' : 'gt';
  const steps = a.map((_, i): Expr => {
    const own = t.compare(i === a.length - 1 ? comparison : strict, ...pair(i));
    return i === 0 ? own : { k: 'and', args: [...each.slice(0, i), own], type: 'bool' };
  });
  return { k: 'or', args: steps, type: 'bool' };
}
