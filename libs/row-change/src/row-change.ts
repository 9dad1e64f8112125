/** Stands for an unchanged TOAST column whose value the log does not carry. Never a value: it means "not known". */
export const UNAVAILABLE: unique symbol = Symbol('unavailable');

/**
 * One image of a row by column name: JSON values as the log renders them, or UNAVAILABLE. An absent column is not known. A number that
 * a double would change (an integer beyond 2^53, negative zero) is the text of its digits.
 */
export type Row = Readonly<Record<string, unknown>>;

/** Which transaction, when it committed, and where in the log the event stood. */
export interface ChangeOrigin {
  /** 32-bit transaction id; undefined where the event carries none. */
  readonly xid: number | undefined;
  /** Commit time by the database's clock, milliseconds since 1970. */
  readonly commitMs: number;
  /** Position in the write-ahead log, as a decimal number. */
  readonly lsn: bigint | undefined;
}

export interface TableRef {
  readonly schema: string;
  readonly table: string;
}

/** The connector writes it every second. */
export const HEARTBEAT_TABLE = 'freshet_heartbeat';

/** The connector's own row. Its number has no gap. */
export interface Heartbeat extends ChangeOrigin {
  readonly kind: 'heartbeat';
  readonly sequence: bigint;
  /** The heartbeat that was visible when this one's statement began, so before its transaction had an id. Undefined where not told. */
  readonly seen?: bigint | undefined;
  readonly server?: DatabaseServer | undefined;
}

/** Who wrote a heartbeat. */
export interface DatabaseServer {
  /** One life of one server process. */
  readonly run: string;
  /** The first heartbeat of that run. */
  readonly since: bigint;
  /** The cluster and its timeline. */
  readonly line: string;
}

/**
 * One event of the log.
 * - row: what happened to one row. `before` is undefined for an insert and where the log carries no old image; `after` for a delete.
 * - truncate: all rows of the table went.
 * - snapshot-read: the connector read an existing row. No change in itself; after a lost slot it may be the only news of one.
 * - schema-change: a DDL command ran. `tables` are those it named; empty means that any table may have changed.
 * - heartbeat: shows that the log moves, and that nothing is missing from it.
 */
export type Change =
  | RowChange
  | (ChangeOrigin & { readonly kind: 'truncate'; readonly table: TableRef })
  | (ChangeOrigin & { readonly kind: 'snapshot-read'; readonly table: TableRef })
  | (ChangeOrigin & { readonly kind: 'schema-change'; readonly tables: readonly TableRef[]; readonly command: string })
  | Heartbeat;

export interface RowChange extends ChangeOrigin {
  readonly kind: 'row';
  readonly table: TableRef;
  readonly op: 'insert' | 'update' | 'delete';
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}
