import type { TableName } from '@freshet/cache-keys';

/**
 * A type as the analysis knows it: the name in pg_catalog (`int8`, `text`), `<element>[]` for an array of one, `enum:<schema>.<name>` for
 * an enum, `composite:<schema>.<name>` for rows of columns, `other:<schema>.<name>` for everything else. Domains stand for their base type.
 */
export type TypeName = string;

/**
 * - c: texts are equal when their bytes are, and ordered by them.
 * - deterministic: equal when their bytes are; the order is not ours to know.
 * - folding: even equality is not that of the bytes.
 */
export type CollationClass = 'c' | 'deterministic' | 'folding';

const RANK: readonly CollationClass[] = ['c', 'deterministic', 'folding'];

/** Of several collations the least knowable; undefined when none is named, so that the database's holds. */
export function leastKnown(classes: readonly (CollationClass | undefined)[]): CollationClass | undefined {
  return RANK.findLast((c) => classes.includes(c));
}

export interface ColumnFacts {
  readonly name: string;
  readonly type: TypeName;
  readonly typmod: number;
  readonly notNull: boolean;
  readonly collation: CollationClass;
  /** The expression of a generated column; the log does not carry its values. */
  readonly generated: string | null;
}

export type ReplicaIdentity = 'default' | 'nothing' | 'full' | 'index';
export type RelationKind = 'table' | 'partitioned' | 'view' | 'materialized-view' | 'foreign' | 'sequence' | 'other';

/** What the invalidator has to know about a table; plain JSON. */
export interface TableFacts {
  readonly schema: string;
  readonly table: string;
  readonly name: TableName;
  readonly kind: RelationKind;
  readonly persistence: 'permanent' | 'unlogged' | 'temporary';
  readonly columns: readonly ColumnFacts[];
  readonly primaryKey: readonly string[];
  readonly identity: ReplicaIdentity;
  /** Columns that are known in every before image. */
  readonly identityColumns: readonly string[];
  /** The topmost table this one is a part of: itself when it is no partition. Tags and schemes are kept under this name. */
  readonly root: TableName;
  /** Every table whose rows a read of this one sees: itself, its partitions, its heirs. */
  readonly members: readonly TableName[];
  /** Heir of several tables: not one root. */
  readonly manyParents: boolean;
  readonly rowSecurity: boolean;
  readonly published: boolean;
  /** Published with a column list or a row filter: the log does not tell everything. */
  readonly publishedInPart: boolean;
  /** The text of a view. */
  readonly definition: string | null;
}

export interface FunctionFacts {
  readonly schema: string;
  readonly name: string;
  readonly minArguments: number;
  /** Infinity is written as -1. */
  readonly maxArguments: number;
  /** i, s or v: of all functions that answer to this call, the worst. */
  readonly volatility: 'i' | 's' | 'v';
  readonly aggregate: boolean;
  readonly returnsSet: boolean;
  /** Of pg_catalog or an extension: its code does not read tables behind its declaration. */
  readonly trusted: boolean;
  readonly language: string;
  /** An SQL function whose body can be read in its place: not overloaded for this number of arguments, and without settings of its own. */
  readonly sql: SqlFunction | null;
}

export interface SqlFunction {
  readonly body: string;
  /** Name (empty where it has none) and type, as SQL writes it. */
  readonly parameters: readonly (readonly [name: string, type: string])[];
  readonly result: string;
  /** Null as soon as one argument is. */
  readonly strict: boolean;
}

export interface Catalog {
  readonly searchPath: readonly string[];
  readonly collation: CollationClass;
  /** Upper and lower case of ASCII letters are those of every day (they are not in Turkish). */
  readonly plainCase: boolean;
  readonly utf8: boolean;
  /** Session settings do not matter to the analysis beyond this one: casts between zones and dates. */
  readonly timeZone: string;
  readonly tables: ReadonlyMap<TableName, TableFacts>;
  readonly functions: ReadonlyMap<string, readonly FunctionFacts[]>;
  /** Dates become texts as ISO writes them. */
  readonly isoDates: boolean;
  /** Operators outside pg_catalog that are not immutable, or whose functions are not read. */
  readonly restlessOperators: ReadonlySet<string>;
  /** Types to which a function that is not read casts. */
  readonly restlessCasts: ReadonlySet<string>;
  /** What makes statements mean something else than this analysis understands. */
  readonly peculiarities: readonly string[];
  /** Labels in order, by type name. */
  readonly enums: ReadonlyMap<TypeName, readonly string[]>;
}
