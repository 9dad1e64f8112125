import type { Node } from './parser.js';
import { names } from './function-call.js';

/** The name that PostgreSQL gives an output column without AS. */
export function targetName(node: Node): string {
  return nameOf(node) ?? '?column?';
}

function nameOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if ('ColumnRef' in node) return names(node.ColumnRef.fields).at(-1);
  if ('FuncCall' in node) return names(node.FuncCall.funcname).at(-1);
  if ('TypeCast' in node) return nameOf(node.TypeCast.arg) ?? names(node.TypeCast.typeName?.names).at(-1);
  if ('CollateClause' in node) return nameOf(node.CollateClause.arg);
  if ('A_Indirection' in node)
    return (
      names(node.A_Indirection.indirection)
        .filter((n) => n !== '')
        .at(-1) ?? nameOf(node.A_Indirection.arg)
    );
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? 'nullif' : undefined;
  if ('SubLink' in node) return subLinkName(node.SubLink.subLinkType ?? '', node.SubLink.subselect);
  if ('CaseExpr' in node) return nameOf(node.CaseExpr.defresult) ?? 'case';
  if ('MinMaxExpr' in node) return node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest';
  const fixed: Readonly<Record<string, string>> = {
    CoalesceExpr: 'coalesce',
    A_ArrayExpr: 'array',
    RowExpr: 'row',
    GroupingFunc: 'grouping',
  };
  return fixed[Object.keys(node)[0] ?? ''];
}

function subLinkName(kind: string, query: Node | undefined): string | undefined {
  if (kind === 'EXISTS_SUBLINK') return 'exists';
  if (kind === 'ARRAY_SUBLINK') return 'array';
  const [first] = query !== undefined && 'SelectStmt' in query ? (query.SelectStmt.targetList ?? []) : [];
  return kind === 'EXPR_SUBLINK' && first !== undefined && 'ResTarget' in first
    ? (first.ResTarget.name ?? nameOf(first.ResTarget.val))
    : undefined;
}
