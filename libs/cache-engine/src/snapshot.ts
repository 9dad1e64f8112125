import { widen } from './xid.js';

/** PostgreSQL's `pg_current_snapshot()`: everything below xmin is over, nothing at or above xmax has begun to show. */
export interface PgSnapshot {
  readonly xmin: bigint;
  readonly xmax: bigint;
  /** In progress between the two. */
  readonly xip: readonly bigint[];
}

const FORM = /^(\d+):(\d+):((?:\d+(?:,\d+)*)?)$/;

/** Undefined for a text of another form: nothing may then be concluded from it. */
export function parseSnapshot(text: string): PgSnapshot | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, xmin = '', xmax = '', xip = ''] = match;
  return { xmin: BigInt(xmin), xmax: BigInt(xmax), xip: xip === '' ? [] : xip.split(',').map(BigInt) };
}

/** Whether the snapshot includes that transaction's changes, given that it committed. */
export function sees(snapshot: PgSnapshot, xid: bigint): boolean {
  return xid < snapshot.xmin || (xid < snapshot.xmax && !snapshot.xip.includes(xid));
}

/** The same for an id as the log writes it. */
export function seesLogged(snapshot: PgSnapshot, xid: number): boolean {
  return sees(snapshot, widen(xid, snapshot.xmax));
}
