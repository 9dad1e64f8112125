import { parseEnvelope, type Change, type Malformed } from '@freshet/row-change';
import { type LogRecord, type RecordSlice } from './log-record.js';

/** A record that will never be applied, and why. */
export interface Poison {
  readonly record: LogRecord;
  readonly reason: string;
  /** The class of the error, for those who search dead letters by it. */
  readonly errorClass: string;
  readonly table: string;
}

/** What a slice says. */
export interface SliceContent {
  readonly changes: readonly Change[];
  readonly poison: readonly Poison[];
  readonly ignored: number;
  /** Why everything that is stored must be abandoned before the changes are applied. */
  readonly abandon: readonly string[];
  /** Whether the slice ends within the connector's reading of existing rows. */
  readonly snapshotting: boolean;
}

/** Parses a slice. Pure. `snapshotting`: whether the slice before ended within a snapshot. */
export function readSlice(slice: RecordSlice, snapshotting: boolean): SliceContent {
  const changes: Change[] = [];
  const poison: Poison[] = [];
  const abandon = new Set<string>(slice.discontinuity === undefined ? [] : [slice.discontinuity.reason]);
  let ignored = 0;
  let within = snapshotting;
  for (const record of slice.records) {
    const parsed = parseEnvelope(record.value);
    if (parsed.kind === 'ignored') {
      ignored += 1;
    } else if (parsed.kind === 'malformed' || record.condemned !== undefined) {
      const lost = parsed.kind === 'malformed' ? parsed : condemn(parsed.change, record.condemned);
      poison.push(poisonOf(record, lost));
      const standIn = standInFor(lost);
      if (standIn === undefined) abandon.add(`unreadable record at offset ${record.offset}: ${lost.reason}`);
      else changes.push(standIn);
    } else {
      const reading = parsed.change.kind === 'snapshot-read';
      // The connector reads existing rows when it has lost its place: whatever happened in between is not in the log. At the start of
      // the log nothing was before.
      if (reading && !within && record.offset !== '0') abandon.add('the connector reads the tables anew');
      within = reading;
      changes.push(parsed.change);
    }
  }
  return { changes, poison, ignored, abandon: [...abandon], snapshotting: within };
}

function condemn(change: Change, error: Error | undefined): Malformed {
  const { xid, commitMs, lsn } = change;
  const table = 'table' in change ? change.table : undefined;
  return { kind: 'malformed', reason: error?.message ?? 'condemned', table, origin: { xid, commitMs, lsn } };
}

/**
 * What happened to the table is not known, so everything that reads it goes: a truncate says just that, and carries the transaction
 * into the fence. Without the transaction's id a later fill could not be checked against it, so only the whole cache will do.
 */
function standInFor({ table, origin }: Malformed): Change | undefined {
  return table === undefined || origin?.xid === undefined ? undefined : { kind: 'truncate', table, ...origin };
}

function poisonOf(record: LogRecord, { reason, table }: Malformed): Poison {
  return {
    record,
    reason,
    errorClass: record.condemned?.name ?? 'Malformed',
    table: table === undefined ? 'unknown' : `${table.schema}.${table.table}`,
  };
}
