import type { ColumnRef, NullTest, SubLink } from 'libpg-query';
import { booleanTest } from './boolean-forms.js';
import { cast, collated } from './casting.js';
import { NotCacheable, placed } from './errors.js';
import { UNKNOWN_TYPE, call, not, opaque, type Expr } from './expr.js';
import { names } from './function-call.js';
import { constant } from './literals.js';
import { caseOf, commonValue, extreme } from './one-type.js';
import type { Node } from './parser.js';
import { functionCall } from './resolve-call.js';
import { composite } from './resolve-composite.js';
import { operator } from './resolve-operator.js';
import { isRow, rowItems } from './resolve-rows.js';
import { typeOf } from './resolve-type.js';
import type { Resolver } from './resolve.js';
import { columnOf, type Level, type Relation } from './scope.js';
import type { Typing } from './typing.js';

export class ExprResolver {
  constructor(
    readonly r: Resolver,
    readonly level: Level,
  ) {}

  get typing(): Typing {
    return this.r.typing;
  }

  all(nodes: readonly Node[] | undefined): readonly Expr[] {
    return (nodes ?? []).map((n) => this.resolve(n));
  }

  /** A part that may be absent: then it is null. */
  child(node: Node | undefined): Expr {
    return node === undefined ? { k: 'const', value: null, type: UNKNOWN_TYPE } : this.resolve(node);
  }

  /** Any condition or value. An expression of a kind not listed here is refused, never guessed. */
  resolve(node: Node): Expr {
    return placed(node, () => this.resolved(node));
  }

  private resolved(node: Node): Expr {
    const t = this.typing;
    if ('ColumnRef' in node) return this.column(node.ColumnRef);
    if ('ParamRef' in node) return this.parameter(node.ParamRef.number ?? 0);
    if ('A_Const' in node) return constant(node.A_Const);
    if ('A_Expr' in node) return operator(this, node.A_Expr);
    if ('BoolExpr' in node) return this.boolean(node.BoolExpr.boolop ?? '', this.all(node.BoolExpr.args));
    if ('NullTest' in node) return this.nullTest(node.NullTest);
    if ('BooleanTest' in node)
      return booleanTest(node.BooleanTest.booltesttype ?? '', this.child(node.BooleanTest.arg));
    if ('FuncCall' in node) return functionCall(this, node.FuncCall);
    if ('TypeCast' in node) {
      const { type, modifiers } = typeOf(node.TypeCast.typeName, t.catalog);
      return cast(t, this.child(node.TypeCast.arg), type, modifiers);
    }
    if ('SubLink' in node) return this.subLink(node.SubLink);
    if ('CaseExpr' in node) return caseOf(this, node.CaseExpr);
    if ('CoalesceExpr' in node) return commonValue(t, 'coalesce', this.all(node.CoalesceExpr.args));
    if ('MinMaxExpr' in node)
      return extreme(t, node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest', this.all(node.MinMaxExpr.args));
    if ('CollateClause' in node)
      return collated(this.child(node.CollateClause.arg), names(node.CollateClause.collname));
    return composite(this, node);
  }

  private column(ref: ColumnRef): Expr {
    const fields = ref.fields ?? [];
    const path = names(fields);
    const { scope } = this.level;
    const last = path.at(-1) ?? '';
    if (fields.length === 1) {
      const relation = scope.relation(last);
      const found = scope.column(last) ?? (relation && wholeRow(relation));
      if (found === undefined) throw new NotCacheable(last, 'no such column is known');
      return found;
    }
    const star = fields.some((f) => 'A_Star' in f);
    const relation = scope.relation(path.at(-2) ?? '', path.length > 2 ? path.at(-3) : undefined);
    if (relation === undefined) throw new NotCacheable(path.join('.'), 'no such table is in FROM');
    return star ? wholeRow(relation) : columnOf(relation, last);
  }

  private parameter(n: number): Expr {
    this.typing.parameters.see(n);
    return this.typing.current({ k: 'param', n, type: UNKNOWN_TYPE });
  }

  private boolean(op: string, raw: readonly Expr[]): Expr {
    const args = raw.map((e) => this.typing.as(e, 'bool'));
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

  private subLink(link: SubLink): Expr {
    if (link.subselect === undefined || !('SelectStmt' in link.subselect))
      throw new NotCacheable('sub-query', 'not a SELECT');
    const query = this.r.query(link.subselect.SelectStmt, this.level.scope);
    const test = link.testexpr;
    const tests = test === undefined ? [] : isRow(test) ? this.all(rowItems(test)) : [this.resolve(test)];
    return this.r.sub(link.subLinkType ?? '', query, tests, names(link.operName).at(-1) ?? '=');
  }
}

function wholeRow(relation: Relation): Expr {
  return opaque(
    'a whole row',
    relation.columns.map((c) => c.expr),
  );
}
