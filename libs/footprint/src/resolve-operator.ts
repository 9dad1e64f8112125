import type { A_Expr } from 'libpg-query';
import { asListTest } from './boolean-forms.js';
import { asText } from './builtins.js';
import { call, columnsOf, not, opaque, risky, type Expr } from './expr.js';
import { names } from './function-call.js';
import { COMPARISONS, binary, unary } from './operators.js';
import type { Node } from './parser.js';
import { subject } from './patterns.js';
import type { ExprResolver } from './resolve-expr.js';
import { compareRows, isRow, rowItems } from './resolve-rows.js';
import { familyOf } from './types/families.js';
import { collationOf, type Typing } from './typing.js';

/** All that is written with an operator, IN, BETWEEN and their kind included. */
export function operator(e: ExprResolver, x: A_Expr): Expr {
  const op = names(x.name).at(-1) ?? '';
  const t = e.typing;
  if (x.rexpr !== undefined && 'List' in x.rexpr) return withList(e, x, x.rexpr.List.items ?? []);
  if (x.lexpr === undefined) return unary(t, op, e.child(x.rexpr));
  if (isRow(x.lexpr) && isRow(x.rexpr))
    return compareRows(t, x.kind ?? '', op, e.all(rowItems(x.lexpr)), e.all(rowItems(x.rexpr)));
  const [a, b] = [e.child(x.lexpr), e.child(x.rexpr)];
  if (schemaOf(x) !== 'pg_catalog') return risky(names(x.name).join('.'), [a, b]);
  switch (x.kind) {
    case 'AEXPR_OP_ANY':
      return quantified(t, 'any', op, a, b);
    case 'AEXPR_OP_ALL':
      return quantified(t, 'all', op, a, b);
    case 'AEXPR_DISTINCT':
      return not(t.same(a, b));
    case 'AEXPR_NOT_DISTINCT':
      return t.same(a, b);
    case 'AEXPR_NULLIF':
      return nullIf(t, a, b);
    case 'AEXPR_SIMILAR':
      return similar(e, op, x.rexpr, [a, b]);
    default:
      return binary(t, op, a, b);
  }
}

function quantified(t: Typing, quantifier: 'any' | 'all', op: string, a: Expr, b: Expr): Expr {
  const comparison = COMPARISONS[op];
  if (comparison !== undefined) return t.overArray(quantifier, comparison, a, b);
  // A pattern from the row may be none.
  return (columnsOf(b).length > 0 ? risky : opaque)(`${op} ANY`, [a, b], 'bool');
}

/** `a OPERATOR(schema.=) b` may be anything. */
function schemaOf({ name }: A_Expr): string {
  return names(name).length > 1 ? (names(name).at(-2) ?? '') : 'pg_catalog';
}

/** The parser hands the pattern over wrapped in `similar_to_escape()`. */
function similar(e: ExprResolver, op: string, node: Node | undefined, [a, b]: readonly [Expr, Expr]): Expr {
  const t = e.typing;
  const args = node !== undefined && 'FuncCall' in node ? (node.FuncCall.args ?? []) : [];
  const [text, pattern] = [subject(t, a), args.length === 1 ? asText(t, e.resolve(args[0] as Node)) : undefined];
  const fromRow = columnsOf(b).length > 0;
  if (text === undefined || pattern === undefined || collationOf(text) === 'folding' || fromRow)
    return (fromRow ? risky : opaque)('SIMILAR TO', [a, b], 'bool');
  const matches = call('similar', [text, pattern]);
  return op.startsWith('!') ? not(matches) : matches;
}

/** Of the type that `a = b` has on its left: an integer beside a numeric becomes one. */
function nullIf(t: Typing, a: Expr, b: Expr): Expr {
  const equal = t.compare('eq', a, b);
  const left = equal.k === 'call' ? equal.args[0] : undefined;
  const widened = left?.k === 'call' && WIDENINGS.includes(left.fn);
  const first = left !== undefined && (widened || left.type === a.type) ? left : t.current(a);
  if (equal.k === 'opaque')
    return opaque('nullif', [equal], t.current(a).type === t.current(b).type ? t.current(a).type : 'other:?');
  return call('nullif', [first, equal], first.type, collationOf(first));
}

const WIDENINGS: readonly string[] = ['int>numeric', 'int>float', 'numeric>float'];

/** IN and BETWEEN. */
function withList(e: ExprResolver, x: A_Expr, items: readonly Node[]): Expr {
  const lexpr = x.lexpr as Node;
  if (x.kind === 'AEXPR_IN') {
    const some = anyOf(e, lexpr, items);
    return names(x.name).at(-1) === '<>' ? not(some) : some;
  }
  const t = e.typing;
  const [a, low, high] = [e.resolve(lexpr), e.resolve(items[0] as Node), e.resolve(items[1] as Node)];
  const between = (from: Expr, to: Expr): Expr => ({
    k: 'and',
    args: [t.compare('ge', a, from), t.compare('le', a, to)],
    type: 'bool',
  });
  const symmetric = (x.kind ?? '').endsWith('_SYM');
  const inside: Expr = symmetric
    ? { k: 'or', args: [between(low, high), between(high, low)], type: 'bool' }
    : between(low, high);
  return (x.kind ?? '').startsWith('AEXPR_NOT') ? not(inside) : inside;
}

function anyOf(e: ExprResolver, lexpr: Node, items: readonly Node[]): Expr {
  const t = e.typing;
  if (isRow(lexpr)) {
    const left = e.all(rowItems(lexpr));
    const args = items.map((i) =>
      compareRows(t, isRow(i) ? 'AEXPR_OP' : '', '=', left, isRow(i) ? e.all(rowItems(i)) : [e.resolve(i)]),
    );
    return { k: 'or', args, type: 'bool' };
  }
  const [x, ...values] = [e.resolve(lexpr), ...e.all(items)] as [Expr, ...Expr[]];
  const families = new Set([x, ...values].map((v) => familyOf(t.current(v).type)));
  // Of padded and other texts in one list PostgreSQL makes one type, which comparisons one by one would not.
  if (families.has('char') && families.has('text')) return opaque('IN over texts of two kinds', [x, ...values], 'bool');
  const args = values.map((v) => t.compare('eq', x, v));
  return asListTest(args) ?? { k: 'or', args, type: 'bool' };
}
