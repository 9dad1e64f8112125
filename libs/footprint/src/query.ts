import { leastKnown, type CollationClass, type TableFacts, type TypeName } from './catalog.js';
import { childrenOf, type Expr } from './expr.js';

/** A resolved FROM clause. Every table, derived table and row source has a number (`occ`), unique in the statement. */
export type From = TableFrom | DerivedFrom | RowsFrom | JoinFrom;

export interface TableFrom {
  readonly k: 'table';
  readonly occ: number;
  readonly alias: string;
  readonly facts: TableFacts;
  readonly only: boolean;
}

export interface DerivedFrom {
  readonly k: 'derived';
  readonly occ: number;
  readonly query: Query;
  /** Names of its output columns, by position. */
  readonly names: readonly string[];
  /** Named by WITH. */
  readonly cte: boolean;
}

/** Rows that no table holds: VALUES, functions, the running rows of a recursion. */
export interface RowsFrom {
  readonly k: 'rows';
  readonly occ: number;
  readonly exprs: readonly Expr[];
}

export interface JoinFrom {
  readonly k: 'join';
  readonly kind: 'inner' | 'left' | 'full';
  readonly left: From;
  readonly right: From;
  readonly on: readonly Expr[];
}

export type Query = Select | SetOperation | Recursion;

export interface Target {
  readonly name: string;
  readonly expr: Expr;
}

export interface Select {
  readonly k: 'select';
  readonly from: From | undefined;
  readonly where: readonly Expr[];
  readonly targets: readonly Target[];
  readonly group: readonly Expr[];
  readonly groupingSets: boolean;
  readonly aggregated: boolean;
  readonly having: readonly Expr[];
  /** PARTITION BY of each window. */
  readonly partitions: readonly (readonly Expr[])[];
  readonly distinct: 'no' | 'all' | readonly Expr[];
  /** Everything else that is read: ORDER BY, LIMIT. */
  readonly others: readonly Expr[];
  readonly limited: boolean;
  /** LIMIT 1. */
  readonly atMostOne: boolean;
  /** A function in the select list returns several rows. */
  readonly multiplies: boolean;
}

export interface SetOperation {
  readonly k: 'set';
  readonly op: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: Query;
  readonly right: Query;
  readonly outputs: readonly Output[];
  readonly others: readonly Expr[];
  readonly ordered: boolean;
  readonly limited: boolean;
}

export interface Recursion {
  readonly k: 'recursion';
  readonly base: Query;
  readonly step: Query;
  readonly outputs: readonly Output[];
}

export interface Output {
  readonly name: string;
  readonly type: TypeName;
  readonly coll: CollationClass | undefined;
}

export function outputsOf(query: Query): readonly Output[] {
  if (query.k !== 'select') return query.outputs;
  return query.targets.map(({ name, expr }) => ({ name, type: expr.type, coll: collationWithin(expr) }));
}

/** Of all that a value is made of the collation that says least. */
export function collationWithin(e: Expr): CollationClass | undefined {
  if ('coll' in e && e.coll !== undefined) return e.coll;
  if (e.k === 'sub') return leastKnown(outputsOf(e.query).map((o) => o.coll));
  return leastKnown(childrenOf(e).map(collationWithin));
}

export function occurrencesIn(from: From | undefined): ReadonlySet<number> {
  if (from === undefined) return new Set();
  return from.k === 'join' ? new Set([...occurrencesIn(from.left), ...occurrencesIn(from.right)]) : new Set([from.occ]);
}
