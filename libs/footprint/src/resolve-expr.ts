import type { A_Expr, CaseExpr, ColumnRef, FuncCall, NullTest, SubLink, WindowDef } from 'libpg-query';
import { asText, builtin } from './builtins.js';
import { asListTest, booleanTest } from './boolean-forms.js';
import { cast, collated } from './casting.js';
import { NotCacheable } from './errors.js';
import { UNKNOWN_TYPE, call, columnsOf, late, not, opaque, risky, type Expr } from './expr.js';
import { constant } from './literals.js';
import { COMPARISONS, binary, subject, unary } from './operators.js';
import type { Node } from './parser.js';
import { candidatesFor, names } from './function-call.js';
import type { Resolver } from './resolve.js';
import { typeOf } from './resolve-type.js';
import { expanded } from './sql-function.js';
import { columnOf, type Scope } from './scope.js';
import { collationOf } from './typing.js';

/** What the expressions of one query level reveal about it. */
export interface Level {
  readonly scope: Scope;
  aggregated: boolean;
  multiplies: boolean;
  readonly partitions: (readonly Expr[])[];
  readonly windows: ReadonlyMap<string, WindowDef>;
}

export class ExprResolver {
  constructor(
    private readonly r: Resolver,
    private readonly level: Level,
  ) {}

  all(nodes: readonly Node[] | undefined): readonly Expr[] {
    return (nodes ?? []).map((n) => this.resolve(n));
  }

  /** Any condition or value. An expression of a kind not listed here is refused, never guessed. */
  resolve(node: Node): Expr {
    const t = this.r.typing;
    if ('ColumnRef' in node) return this.column(node.ColumnRef);
    if ('ParamRef' in node) return this.parameter(node.ParamRef.number ?? 0);
    if ('A_Const' in node) return constant(node.A_Const);
    if ('A_Expr' in node) return this.operator(node.A_Expr);
    if ('BoolExpr' in node) return this.boolean(node.BoolExpr.boolop ?? '', this.all(node.BoolExpr.args));
    if ('NullTest' in node) return this.nullTest(node.NullTest);
    if ('BooleanTest' in node)
      return booleanTest(node.BooleanTest.booltesttype ?? '', this.child(node.BooleanTest.arg));
    if ('FuncCall' in node) return this.functionCall(node.FuncCall);
    if ('TypeCast' in node) {
      const { type, modifiers } = typeOf(node.TypeCast.typeName, t.catalog);
      return cast(t, this.child(node.TypeCast.arg), type, modifiers);
    }
    if ('SubLink' in node) return this.subLink(node.SubLink);
    if ('CaseExpr' in node) return this.caseOf(node.CaseExpr);
    if ('CoalesceExpr' in node) return this.common('coalesce', this.all(node.CoalesceExpr.args));
    if ('MinMaxExpr' in node)
      return this.extreme(node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest', this.all(node.MinMaxExpr.args));
    if ('CollateClause' in node)
      return collated(this.child(node.CollateClause.arg), names(node.CollateClause.collname));
    return this.composite(node);
  }

  /** Values of several parts: known for the columns they read, seldom for more. */
  private composite(node: Node): Expr {
    if ('A_ArrayExpr' in node) return this.array(this.all(node.A_ArrayExpr.elements));
    if ('RowExpr' in node) return opaque('a row', this.all(node.RowExpr.args));
    if ('A_Indirection' in node)
      return this.indirection(this.child(node.A_Indirection.arg), node.A_Indirection.indirection ?? []);
    if ('GroupingFunc' in node) return opaque('grouping()', this.all(node.GroupingFunc.args), 'int4');
    if ('NamedArgExpr' in node) return this.child(node.NamedArgExpr.arg);
    if ('XmlExpr' in node) return risky('xml', [...this.all(node.XmlExpr.args), ...this.all(node.XmlExpr.named_args)]);
    if ('ResTarget' in node) return this.child(node.ResTarget.val);
    if ('SortBy' in node) return this.child(node.SortBy.node);
    if ('List' in node) return opaque('a list', this.all(node.List.items));
    throw new NotCacheable(Object.keys(node)[0] ?? 'expression', 'an expression of this kind is not understood');
  }

  private child(node: Node | undefined): Expr {
    return node === undefined ? { k: 'const', value: null, type: UNKNOWN_TYPE } : this.resolve(node);
  }

  private column(ref: ColumnRef): Expr {
    const fields = ref.fields ?? [];
    const path = names(fields);
    const { scope } = this.level;
    const last = path.at(-1) ?? '';
    if (fields.length === 1) {
      const relation = scope.relation(last);
      const found =
        scope.column(last, ref.location) ??
        (relation &&
          opaque(
            'a whole row',
            relation.columns.map((c) => c.expr),
          ));
      if (found === undefined) throw new NotCacheable(last, 'no such column is known', ref.location);
      return found;
    }
    const star = fields.some((f) => 'A_Star' in f);
    const relation = scope.relation(path.at(-2) ?? '', path.length > 2 ? path.at(-3) : undefined);
    if (relation === undefined) throw new NotCacheable(path.join('.'), 'no such table is in FROM', ref.location);
    return star
      ? opaque(
          'a whole row',
          relation.columns.map((c) => c.expr),
        )
      : columnOf(relation, last, ref.location);
  }

  private parameter(n: number): Expr {
    this.r.typing.parameters.see(n);
    return this.r.typing.current({ k: 'param', n, type: UNKNOWN_TYPE });
  }

  private boolean(op: string, raw: readonly Expr[]): Expr {
    const args = raw.map((e) => this.r.typing.as(e, 'bool'));
    if (op === 'NOT_EXPR') return not(args[0] as Expr);
    return { k: op === 'OR_EXPR' ? 'or' : 'and', args, type: 'bool' };
  }

  private nullTest(test: NullTest): Expr {
    const arg = this.child(test.arg);
    // Of composite values it asks whether all their fields are null.
    const parts = arg.k === 'opaque' || arg.type.startsWith('composite:');
    const isNull = parts ? opaque('IS NULL', [arg], 'bool') : call('isnull', [arg]);
    return test.nulltesttype === 'IS_NULL' ? isNull : not(isNull);
  }

  private operator(x: A_Expr): Expr {
    const op = names(x.name).at(-1) ?? '';
    const t = this.r.typing;
    if (x.rexpr !== undefined && 'List' in x.rexpr) return this.withList(x, x.rexpr.List.items ?? []);
    if (x.lexpr === undefined) return unary(t, op, this.child(x.rexpr));
    if (isRow(x.lexpr) && isRow(x.rexpr)) return this.rows(x.kind ?? '', op, rowItems(x.lexpr), rowItems(x.rexpr));
    const [a, b] = [this.child(x.lexpr), this.child(x.rexpr)];
    if (schemaOf(x) !== 'pg_catalog') return risky(`${names(x.name).join('.')}`, [a, b]);
    switch (x.kind) {
      case 'AEXPR_OP_ANY':
      case 'AEXPR_OP_ALL': {
        const comparison = COMPARISONS[op];
        const quantifier = x.kind === 'AEXPR_OP_ANY' ? 'any' : 'all';
        return comparison === undefined
          ? opaque(`${op} ANY`, [a, b], 'bool')
          : t.overArray(quantifier, comparison, a, b);
      }
      case 'AEXPR_DISTINCT':
        return not(t.same(a, b));
      case 'AEXPR_NOT_DISTINCT':
        return t.same(a, b);
      case 'AEXPR_NULLIF':
        return this.nullIf(a, b);
      case 'AEXPR_SIMILAR':
        return this.similar(op, x.rexpr, a, b);
      default:
        return binary(t, op, a, b);
    }
  }

  /** The parser hands the pattern over wrapped in `similar_to_escape()`. */
  private similar(op: string, node: Node | undefined, a: Expr, b: Expr): Expr {
    const t = this.r.typing;
    const args = node !== undefined && 'FuncCall' in node ? (node.FuncCall.args ?? []) : [];
    const [text, pattern] = [subject(t, a), args.length === 1 ? asText(t, this.resolve(args[0] as Node)) : undefined];
    const fromRow = columnsOf(b).length > 0;
    if (text === undefined || pattern === undefined || collationOf(text) === 'folding' || fromRow)
      return (fromRow ? risky : opaque)('SIMILAR TO', [a, b], 'bool');
    const similar = call('similar', [text, pattern]);
    return op.startsWith('!') ? not(similar) : similar;
  }

  private nullIf(a: Expr, b: Expr): Expr {
    const equal = this.r.typing.compare('eq', a, b);
    const first = equal.k === 'call' && equal.args[0]?.type === a.type ? equal.args[0] : this.r.typing.current(a);
    return call('nullif', [first, equal], first.type, collationOf(first));
  }

  /** IN and BETWEEN. */
  private withList(x: A_Expr, items: readonly Node[]): Expr {
    const lexpr = x.lexpr as Node;
    const op = names(x.name).at(-1);
    if (x.kind === 'AEXPR_IN') {
      const some = this.anyOf(lexpr, items);
      return op === '<>' ? not(some) : some;
    }
    const t = this.r.typing;
    const [a, low, high] = [this.resolve(lexpr), this.resolve(items[0] as Node), this.resolve(items[1] as Node)];
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

  private anyOf(lexpr: Node, items: readonly Node[]): Expr {
    const t = this.r.typing;
    const equal = (item: Node) =>
      isRow(lexpr) && isRow(item)
        ? this.rows('AEXPR_OP', '=', rowItems(lexpr), rowItems(item))
        : t.compare('eq', this.resolve(lexpr), this.resolve(item));
    const args = items.map(equal);
    return asListTest(args) ?? { k: 'or', args, type: 'bool' };
  }

  /** Row-wise comparison: equality column by column; `<` by the first column that differs. */
  private rows(kind: string, op: string, left: readonly Node[], right: readonly Node[]): Expr {
    const [a, b] = [this.all(left), this.all(right)];
    const t = this.r.typing;
    const pair = (i: number) => [a[i] as Expr, b[i] as Expr] as const;
    const each = a.map((_, i) => t.compare('eq', ...pair(i)));
    if (kind === 'AEXPR_OP' && op === '=' && a.length === b.length) return { k: 'and', args: each, type: 'bool' };
    if (kind === 'AEXPR_OP' && op === '<>' && a.length === b.length) return not({ k: 'and', args: each, type: 'bool' });
    const comparison = COMPARISONS[op];
    if (kind !== 'AEXPR_OP' || comparison === undefined || a.length !== b.length)
      return opaque('a row comparison', [...a, ...b], 'bool');
    const strict = comparison.startsWith('l') ? 'lt' : 'gt';
    const steps = a.map((_, i): Expr => {
      const own = t.compare(i === a.length - 1 ? comparison : strict, ...pair(i));
      return i === 0 ? own : { k: 'and', args: [...each.slice(0, i), own], type: 'bool' };
    });
    return { k: 'or', args: steps, type: 'bool' };
  }

  private functionCall(f: FuncCall): Expr {
    const name = names(f.funcname).at(-1) ?? '';
    const args = this.all(f.args);
    const facts = this.r.functionFacts(name);
    const candidates = candidatesFor({ ...f }, this.r.catalog);
    const more = [...this.all(f.agg_order), ...(f.agg_filter === undefined ? [] : [this.resolve(f.agg_filter)])];
    if (f.over !== undefined)
      return late(
        `${name}() over a window`,
        [...args, ...more, ...this.window(f.over)],
        builtin(this.r.typing, name, args).type,
      );
    if (facts.some((x) => x.aggregate)) {
      this.level.aggregated = true;
      return late(`the aggregate ${name}()`, [...args, ...more], builtin(this.r.typing, name, args).type);
    }
    if (facts.some((x) => x.returnsSet)) this.level.multiplies = true;
    if (candidates.every((x) => x.schema === 'pg_catalog')) return builtin(this.r.typing, name, args);
    const [only, ...others] = candidates;
    const body = only !== undefined && others.length === 0 ? expanded(only, f, this.r.catalog) : undefined;
    return body === undefined ? risky(`${name}()`, args) : this.resolve(body);
  }

  /** `OVER w` names a window; `OVER (w …)` and `WINDOW v AS (w …)` build upon one. */
  private window(over: WindowDef): readonly Expr[] {
    const chain = this.windowChain(over.name === undefined ? over : this.level.windows.get(over.name));
    const partition = chain.flatMap((w) => this.all(w.partitionClause));
    this.level.partitions.push(partition);
    const bounds = chain.flatMap((w) => [w.startOffset, w.endOffset]).filter((n) => n !== undefined);
    return [...partition, ...chain.flatMap((w) => this.all(w.orderClause)), ...this.all(bounds)];
  }

  private windowChain(w: WindowDef | undefined, depth = 0): readonly WindowDef[] {
    if (w === undefined || depth > 10) throw new NotCacheable('WINDOW', 'no such window');
    return w.refname === undefined ? [w] : [w, ...this.windowChain(this.level.windows.get(w.refname), depth + 1)];
  }

  private subLink(link: SubLink): Expr {
    if (link.subselect === undefined || !('SelectStmt' in link.subselect))
      throw new NotCacheable('sub-query', 'not a SELECT', link.location);
    const query = this.r.query(link.subselect.SelectStmt, this.level.scope);
    const test = link.testexpr;
    const tests = test === undefined ? [] : isRow(test) ? this.all(rowItems(test)) : [this.resolve(test)];
    return this.r.sub(link.subLinkType ?? '', query, tests, names(link.operName).at(-1) ?? '=');
  }

  private caseOf(x: CaseExpr): Expr {
    const t = this.r.typing;
    const whens = (x.args ?? []).flatMap((n) => ('CaseWhen' in n ? [n.CaseWhen] : []));
    const conditions = whens.map((w) => {
      if (x.arg === undefined) return t.as(this.child(w.expr), 'bool');
      return t.compare('eq', this.resolve(x.arg), this.child(w.expr));
    });
    const results = this.unified([...whens.map((w) => this.child(w.result)), this.child(x.defresult)]);
    const args = whens.flatMap((_, i) => [conditions[i] as Expr, results.args[i] as Expr]);
    return results.sure
      ? call('case', [...args, results.args.at(-1) as Expr], results.type, collationOf(...results.args))
      : opaque('CASE', [...args, results.args.at(-1) as Expr], results.type);
  }

  private common(fn: string, raw: readonly Expr[]): Expr {
    const { args, type, sure } = this.unified(raw);
    return sure ? call(fn, args, type, collationOf(...args)) : opaque(fn, args, type);
  }

  private extreme(fn: string, raw: readonly Expr[]): Expr {
    const { args, type, sure } = this.unified(raw);
    return sure && ORDERED.includes(type) ? call(fn, args, type) : opaque(fn, args, type);
  }

  /** Several values that PostgreSQL brings to one type. */
  private unified(raw: readonly Expr[]): { args: readonly Expr[]; type: string; sure: boolean } {
    const t = this.r.typing;
    const current = raw.map((e) => t.current(e));
    const types = [
      ...new Set(current.map((e) => (e.type === 'varchar' ? 'text' : e.type)).filter((type) => type !== UNKNOWN_TYPE)),
    ];
    if (types.length === 0) return { args: current.map((e) => t.as(e, 'text')), type: 'text', sure: true };
    const numbers = ['int2', 'int4', 'int8', 'numeric'];
    const type = types.length === 1 ? (types[0] as string) : numbers[Math.max(...types.map((x) => numbers.indexOf(x)))];
    if (type === undefined || !types.every((x) => x === type || numbers.includes(x)))
      return { args: current, type: 'other:?', sure: false };
    const typed = current.map((e) =>
      e.type === UNKNOWN_TYPE ? t.as(e, type) : type === 'numeric' ? t.widen(e, 'numeric') : e,
    );
    return { args: typed, type, sure: true };
  }

  private array(elements: readonly Expr[]): Expr {
    const { args, type, sure } = this.unified(elements);
    return sure && elements.length > 0 ? call('list', args, `${type}[]`, collationOf(...args)) : opaque('ARRAY', args);
  }

  private indirection(arg: Expr, steps: readonly Node[]): Expr {
    const [step] = steps;
    const t = this.r.typing;
    if (
      steps.length === 1 &&
      step !== undefined &&
      'A_Indices' in step &&
      !step.A_Indices.is_slice &&
      step.A_Indices.uidx !== undefined
    ) {
      const index = t.as(this.resolve(step.A_Indices.uidx), 'int4');
      if (arg.type.endsWith('[]') && index.type === 'int4')
        return call('element', [arg, index], arg.type.slice(0, -2), collationOf(arg));
      return opaque('a subscript', [arg, index]);
    }
    const inside = steps.flatMap((s) => ('A_Indices' in s ? [s.A_Indices.lidx, s.A_Indices.uidx] : []));
    return opaque('a field', [arg, ...inside.flatMap((n) => (n === undefined ? [] : [this.resolve(n)]))]);
  }
}

const ORDERED: readonly string[] = ['int2', 'int4', 'int8', 'numeric', 'date', 'timestamp', 'timestamptz'];

/** `a OPERATOR(schema.=) b` may be anything. */
function schemaOf({ name }: A_Expr): string {
  return names(name).length > 1 ? (names(name).at(-2) ?? '') : 'pg_catalog';
}

function isRow(node: Node | undefined): node is Extract<Node, { RowExpr: unknown }> {
  return node !== undefined && 'RowExpr' in node;
}

function rowItems(node: Node): readonly Node[] {
  return 'RowExpr' in node ? (node.RowExpr.args ?? []) : [];
}
