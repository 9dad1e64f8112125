import { type SqlValue } from '@freshet/footprint';

/** One SQL text with `$n` placeholders, its name, and the values of this call. */
export interface Statement {
  /** e.g. `invoice.list.page`. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** A row by column name, every value as PostgreSQL's text (nothing is parsed: a number or a time keeps all its digits). */
export type SourceRow = Readonly<Record<string, string | null>>;

export type Query = (statement: Statement) => Promise<readonly SourceRow[]>;

/** Where truth lives. */
export interface Source {
  /**
   * Begins a `REPEATABLE READ READ ONLY` transaction on a connection of its own. Its snapshot is taken after this was called and before
   * any row is read; whoever opens it need not wait for that.
   * @throws SourceUnavailable when the database cannot be reached or no connection is free in time.
   */
  open(): Promise<SourceSession>;
}

export interface SourceSession {
  /**
   * `pg_current_snapshot()` as `xmin:xmax:xip,…`, taken before any row: one that is older than the rows is safe, a newer one is not.
   * Then `@` and how far the log is on disk, asked after it: without that, ids that a crash gives out again look like old ones.
   * Undefined on a standby, whose snapshots leave out transactions in progress: what was read there must not be stored. Known when the
   * first statement has answered.
   */
  readonly snapshot: string | undefined;
  readonly query: Query;
  /** Ends the transaction and gives the connection back. Never throws, may be called twice; callers need not wait for it. */
  close(): Promise<void>;
}
