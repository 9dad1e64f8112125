import type { CollationClass, TypeName } from './catalog.js';

/**
 * A resolved, typed expression; plain JSON. `call` names an entry of the function table (functions.ts); `opaque` is anything the
 * evaluation does not understand, kept for the columns it reads. `sub` is a sub-query: only alive during analysis.
 */
export type Expr =
  | {
      readonly k: 'col';
      readonly occ: number;
      readonly name: string;
      readonly type: TypeName;
      readonly coll?: CollationClass;
    }
  | { readonly k: 'param'; readonly n: number; readonly type: TypeName }
  | { readonly k: 'const'; readonly value: string | null; readonly type: TypeName }
  | { readonly k: 'and' | 'or'; readonly args: readonly Expr[] }
  | { readonly k: 'not'; readonly arg: Expr }
  | {
      readonly k: 'call';
      readonly fn: string;
      readonly args: readonly Expr[];
      readonly type: TypeName;
      readonly coll?: CollationClass;
    }
  | { readonly k: 'opaque'; readonly args: readonly Expr[]; readonly type: TypeName; readonly why: string };
