/** One SQL text with `$n` placeholders, its name, and the values of this call. */
export interface Statement {
  /** e.g. `invoice.list.page`. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** Sent to PostgreSQL as text; an array becomes an array literal. */
export type SqlValue = string | number | boolean | null | readonly (string | number | null)[];

/** A row by column name, every value as PostgreSQL's text (nothing is parsed: a number or a time keeps all its digits). */
export type SourceRow = Readonly<Record<string, string | null>>;

export type Query = (statement: Statement) => Promise<readonly SourceRow[]>;

/** Where truth lives. */
export interface Source {
  /**
   * Runs `work` in one `REPEATABLE READ READ ONLY` snapshot on one connection and ends the transaction whatever happens.
   * `snapshot` is `pg_current_snapshot()` taken before any row: one that is older than the rows is safe, a newer one is not.
   * @throws SourceUnavailable when the database cannot be reached or no connection is free in time.
   */
  snapshot<T>(work: (session: SourceSession) => Promise<T>): Promise<T>;
}

export interface SourceSession {
  /** `xmin:xmax:xip`; undefined on a standby, whose snapshots leave out transactions in progress and must not fill. */
  readonly snapshot: string | undefined;
  readonly query: Query;
}
