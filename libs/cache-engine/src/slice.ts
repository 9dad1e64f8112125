import { type Change, type Heartbeat, type RowChange, type TableRef } from '@freshet/row-change';

/** The changes of one slice of the log, by what has to be done about them. */
export interface Slice {
  /** The row changes of each transaction, as far as this slice shows it. */
  readonly transactions: readonly (readonly RowChange[])[];
  /** Tables of which every entry goes. */
  readonly wipes: readonly TableRef[];
  readonly schemaChanged: boolean;
  /** Why nothing that is stored can be trusted any more. */
  readonly abandon: string | undefined;
  /** In the order of the log. */
  readonly xids: readonly number[];
  readonly heartbeats: readonly Heartbeat[];
  /** Whether a change came without its transaction's id, so that the fence cannot hold it. */
  readonly nameless: boolean;
  /** All commits up to here are in this slice or in earlier ones. */
  readonly watermarkMs: number | undefined;
}

export function sortOut(changes: readonly Change[]): Slice {
  const ddl = changes.find((change) => change.kind === 'schema-change');
  return {
    transactions: byTransaction(changes.filter((change) => change.kind === 'row')),
    wipes: changes.filter(wipes).map(({ table }) => table),
    schemaChanged: ddl !== undefined,
    // A command may name one table and change what is true of another (a new partition, a view, a function): all goes.
    abandon: ddl === undefined ? undefined : `schema change: ${ddl.command}`,
    xids: xidsOf(changes),
    heartbeats: changes.filter((change) => change.kind === 'heartbeat'),
    nameless: changes.some(({ kind, xid }) => xid === undefined && kind !== 'heartbeat' && kind !== 'snapshot-read'),
    watermarkMs: watermark(changes),
  };
}

function wipes(change: Change): change is Extract<Change, { kind: 'truncate' | 'snapshot-read' }> {
  return change.kind === 'truncate' || change.kind === 'snapshot-read';
}

/**
 * Each once, in the order of the log. What the connector read belongs to no transaction of the log, and may come between two rows of one.
 */
function xidsOf(changes: readonly Change[]): number[] {
  const xids = new Set<number>();
  for (const { kind, xid } of changes) if (xid !== undefined && kind !== 'snapshot-read') xids.add(xid);
  return [...xids];
}

/** Intermediate states are invisible within one transaction only, so changes of a row are never put together across two. */
function byTransaction(rows: readonly RowChange[]): RowChange[][] {
  const groups = new Map<number | undefined, RowChange[]>();
  const alone: RowChange[][] = [];
  let last: RowChange[] = [];
  for (const row of rows) {
    if (row.xid === undefined) alone.push([row]);
    else if (last[0]?.xid === row.xid) last.push(row);
    else {
      last = groups.get(row.xid) ?? [];
      last.push(row);
      groups.set(row.xid, last);
    }
  }
  return [...alone, ...groups.values()];
}

/**
 * One millisecond short of the last commit: the rest of its transaction, or another of the same millisecond, may still come. A row that
 * the connector read tells when it was read; what was committed before that comes only when the connector goes on with the log.
 */
function watermark(changes: readonly Change[]): number | undefined {
  const last = changes.findLast((change) => change.kind !== 'snapshot-read');
  return last === undefined ? undefined : last.commitMs - 1;
}
