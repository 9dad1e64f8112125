import { type RowChange } from '@freshet/row-change';
import { widen } from './xid.js';

/** PostgreSQL's `pg_current_snapshot()`: everything below xmin is over, nothing at or above xmax has begun to show. */
export interface PgSnapshot {
  readonly xmin: bigint;
  readonly xmax: bigint;
  /** In progress between the two. */
  readonly xip: readonly bigint[];
  /** How far the log was on disk when it was taken. Undefined: the source never gives out an id twice. */
  readonly durableLsn: bigint | undefined;
}

const FORM = /^(\d+):(\d+):((?:\d+(?:,\d+)*)?)(?:@(\d+))?$/;

/** Undefined for a text of another form: nothing may then be concluded from it. */
export function parseSnapshot(text: string): PgSnapshot | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, xmin = '', xmax = '', xip = '', lsn] = match;
  return {
    xmin: BigInt(xmin),
    xmax: BigInt(xmax),
    xip: xip === '' ? [] : xip.split(',').map(BigInt),
    durableLsn: lsn === undefined ? undefined : BigInt(lsn),
  };
}

/** Whether the snapshot includes that transaction's changes, given that it committed. */
export function sees(snapshot: PgSnapshot, xid: bigint): boolean {
  return xid < snapshot.xmin || (xid < snapshot.xmax && !snapshot.xip.includes(xid));
}

/**
 * The same for a change in the log. A crash gives ids out again whose first owners never reached the disk, and to a snapshot from before
 * it those are over. So a change counts as seen only where the log was on disk that far when the snapshot was taken: what was visible
 * then was committed, and what comes after a crash stands further on.
 */
export function seesLogged(snapshot: PgSnapshot, change: Pick<RowChange, 'xid' | 'lsn'>): boolean {
  const { durableLsn, xmax } = snapshot;
  if (change.xid === undefined || !sees(snapshot, widen(change.xid, xmax))) return false;
  // Asked last: of most changes nobody needs to know where in the log they stand.
  return durableLsn === undefined || (change.lsn !== undefined && change.lsn < durableLsn);
}
