import type { StatementId, TableName } from '@freshet/cache-keys';
import type { TypeName } from './catalog.js';
import type { Expr } from './expr.js';

/** What `$n` is bound to. Values travel to PostgreSQL as text. */
export type SqlValue = string | number | boolean | null | readonly (string | number | null)[];

/** One reading of a table in a statement: the same table twice is two of them. */
export interface Occurrence {
  /** The alias under which the statement reads it. */
  readonly alias: string;
  /** What it reads, and the root that tags are kept under. */
  readonly table: TableName;
  readonly root: TableName;
  /** The tables whose rows it can see. The root is among them in spirit: a publication may name it for any partition. */
  readonly members: readonly TableName[];
  /** The local predicate, as the statement states it: a row that fails one of these cannot matter. */
  readonly where: readonly Expr[];
  /** Conditions that follow from the statement: a row that fails one cannot matter either. */
  readonly implied: readonly Expr[];
  /** Columns used beyond the local predicate. */
  readonly columns: readonly string[];
  /** Columns that are known in every image and may therefore carry a tag. */
  readonly taggable: readonly string[];
  /** Types the predicate was compiled for, by column. */
  readonly types: Readonly<Record<string, TypeName>>;
}

/** What a statement reads. Plain JSON; the same id always means the same. */
export interface Footprint {
  readonly id: StatementId;
  readonly name: string;
  readonly occurrences: readonly Occurrence[];
  /** Every relation named, views and unread ones included: a change of their schema matters. */
  readonly relations: readonly TableName[];
  /** Inferred types of `$1`, `$2`, …; `unknown` where nothing tells. */
  readonly parameters: readonly TypeName[];
}

interface InTheWay {
  /** What stands in the way, in words: `now()`, `FOR UPDATE`, `temporary table t`. */
  readonly construct: string;
  readonly reason: string;
}

/** A construct of the text, with the byte at which it stands. */
export interface RefusedConstruct extends InTheWay {
  readonly position: number;
}

/** A setting of the database, or a value that is bound: no place in the text. */
export interface RefusedCircumstance extends InTheWay {
  readonly position: 'settings' | 'values';
}

export type Refusal = RefusedConstruct | RefusedCircumstance;

export type Analysis =
  | { readonly kind: 'cacheable'; readonly footprint: Footprint }
  | { readonly kind: 'refused'; readonly reasons: readonly Refusal[] };

export interface Verdict {
  readonly matters: boolean;
  readonly because: string;
}
