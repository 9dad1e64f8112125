import type { CollationClass, TypeName } from './catalog.js';
import type { Query } from './query.js';

/** `$n`, a literal, a column of one occurrence, a known function of them (functions.ts), or something only its columns are known of. */
export type Expr =
  | ColumnExpr
  | { readonly k: 'param'; readonly n: number; readonly type: TypeName }
  | { readonly k: 'const'; readonly value: string | null; readonly type: TypeName }
  | { readonly k: 'and' | 'or'; readonly args: readonly Expr[]; readonly type: 'bool' }
  | CallExpr
  | OpaqueExpr
  | SubExpr;

export interface ColumnExpr {
  readonly k: 'col';
  readonly occ: number;
  readonly name: string;
  readonly type: TypeName;
  readonly coll?: CollationClass;
}

export interface CallExpr {
  readonly k: 'call';
  /** A key of the function table: `eq:int`, `not`, `like`. */
  readonly fn: string;
  readonly args: readonly Expr[];
  readonly type: TypeName;
  readonly coll?: CollationClass;
}

export interface OpaqueExpr {
  readonly k: 'opaque';
  readonly args: readonly Expr[];
  readonly type: TypeName;
  readonly why: string;
  /** PostgreSQL may raise an error here, for some rows. */
  readonly raises?: true;
  /** An aggregate or a window function: computed from many rows, after WHERE. */
  readonly late?: true;
}

/** A sub-query in an expression. Lives during analysis only: what it reads becomes occurrences of its own. */
export interface SubExpr {
  readonly k: 'sub';
  readonly link: 'exists' | 'any' | 'all' | 'scalar' | 'array';
  /** Its output columns stand under this number. */
  readonly occ: number;
  readonly query: Query;
  /** What stands left of `= ANY`, one for each output column. */
  readonly tests: readonly Expr[];
  readonly equality: boolean;
  readonly type: TypeName;
}

export const UNKNOWN_TYPE: TypeName = 'unknown';

export function call(fn: string, args: readonly Expr[], type: TypeName = 'bool', coll?: CollationClass): CallExpr {
  return coll === undefined ? { k: 'call', fn, args, type } : { k: 'call', fn, args, type, coll };
}

export function opaque(why: string, args: readonly Expr[], type: TypeName = 'other:?'): Expr {
  return { k: 'opaque', why, args, type };
}

/** What is not computed here and fails for some values. */
export function risky(why: string, args: readonly Expr[], type: TypeName = 'other:?'): Expr {
  return { k: 'opaque', why, args, type, raises: true };
}

export function late(why: string, args: readonly Expr[], type: TypeName): Expr {
  return { k: 'opaque', why, args, type, late: true };
}

export function isLate(e: Expr): boolean {
  return (e.k === 'opaque' && e.late === true) || childrenOf(e).some(isLate);
}

export function not(arg: Expr): Expr {
  return call('not', [arg]);
}

export function childrenOf(e: Expr): readonly Expr[] {
  if ('args' in e) return e.args;
  return e.k === 'sub' ? e.tests : [];
}

/** All columns named in an expression; those inside a sub-query are not among them. */
export function columnsOf(e: Expr): readonly ColumnExpr[] {
  return e.k === 'col' ? [e] : childrenOf(e).flatMap(columnsOf);
}

export function hasSub(e: Expr): boolean {
  return e.k === 'sub' || childrenOf(e).some(hasSub);
}

/** The same expression with every column replaced; undefined as soon as one has no replacement. */
export function substitute(e: Expr, replace: (column: ColumnExpr) => Expr | undefined): Expr | undefined {
  if (e.k === 'col') return replace(e);
  if (e.k === 'sub') return undefined;
  if (!('args' in e)) return e;
  const args = e.args.map((arg) => substitute(arg, replace));
  return args.every((arg) => arg !== undefined) ? { ...e, args } : undefined;
}

/** The conjuncts of a condition, with NOT driven inwards by De Morgan's laws (they hold in three-valued logic). */
export function conjuncts(e: Expr): readonly Expr[] {
  const n = normal(e);
  return n.k === 'and' ? n.args.flatMap(conjuncts) : [n];
}

function normal(e: Expr): Expr {
  const arg = e.k === 'call' && e.fn === 'not' ? e.args[0] : undefined;
  if (arg === undefined) return e;
  if (arg.k === 'and' || arg.k === 'or')
    return { ...arg, k: arg.k === 'and' ? 'or' : 'and', args: arg.args.map((a) => normal(not(a))) };
  if (arg.k === 'call' && arg.fn === 'not') return normal(arg.args[0] ?? arg);
  return e;
}
