import { NotCacheable } from './errors.js';
import { call, opaque, risky, type Expr } from './expr.js';
import { arrayOf } from './one-type.js';
import type { Node } from './parser.js';
import type { ExprResolver } from './resolve-expr.js';
import { collationOf } from './typing.js';

/** Values of several parts: known for the columns they read, seldom for more. */
export function composite(e: ExprResolver, node: Node): Expr {
  if ('A_ArrayExpr' in node) return arrayOf(e.typing, e.all(node.A_ArrayExpr.elements));
  if ('RowExpr' in node) return opaque('a row', e.all(node.RowExpr.args));
  if ('A_Indirection' in node)
    return indirection(e, e.child(node.A_Indirection.arg), node.A_Indirection.indirection ?? []);
  if ('GroupingFunc' in node) return opaque('grouping()', e.all(node.GroupingFunc.args), 'int4');
  if ('NamedArgExpr' in node) return e.child(node.NamedArgExpr.arg);
  if ('XmlExpr' in node) return risky('xml', [...e.all(node.XmlExpr.args), ...e.all(node.XmlExpr.named_args)]);
  if ('ResTarget' in node) return e.child(node.ResTarget.val);
  if ('SortBy' in node) return e.child(node.SortBy.node);
  if ('List' in node) return opaque('a list', e.all(node.List.items));
  throw new NotCacheable(Object.keys(node)[0] ?? 'expression', 'an expression of this kind is not understood');
}

/** `a[1]`, `(row).field`, and chains of them. */
function indirection(e: ExprResolver, arg: Expr, steps: readonly Node[]): Expr {
  const [step, ...more] = steps;
  const index = step !== undefined && more.length === 0 ? soleIndex(step) : undefined;
  if (index === undefined) {
    const inside = steps.flatMap((s) => ('A_Indices' in s ? [s.A_Indices.lidx, s.A_Indices.uidx] : []));
    return opaque('a field', [arg, ...inside.flatMap((n) => (n === undefined ? [] : [e.resolve(n)]))]);
  }
  const at = e.typing.as(e.resolve(index), 'int4');
  if (!arg.type.endsWith('[]') || at.type !== 'int4') return opaque('a subscript', [arg, at]);
  return call('element', [arg, at], arg.type.slice(0, -2), collationOf(arg));
}

function soleIndex(step: Node): Node | undefined {
  return 'A_Indices' in step && step.A_Indices.is_slice !== true ? step.A_Indices.uidx : undefined;
}
