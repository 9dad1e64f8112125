import { parseLossless } from './lossless-json.js';
import { readRowEvent } from './row-event.js';
import {
  HEARTBEAT_TABLE,
  type Change,
  type ChangeOrigin,
  type DatabaseServer,
  type Row,
  type RowChange,
  type TableRef,
} from './row-change.js';
import { schemaChange } from './schema-message.js';
import { markUnavailable, mayHoldUnavailable } from './unavailable.js';

/** What one Kafka record turned out to be. */
export type Parsed =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason }
  | Malformed;

/**
 * - tombstone: the null that follows a delete, for compaction.
 * - message: a logical message that is not ours.
 * - incremental-snapshot: a row that the connector read again while the log went on; it changed nothing.
 * - connector: the connector's own heartbeats and transaction boundaries.
 */
type IgnoredReason = 'tombstone' | 'message' | 'incremental-snapshot' | 'connector';

/** Not readable as a change, though it may have been one. `table` and `origin` are given where that much could be read. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly reason: string;
  readonly table: TableRef | undefined;
  readonly origin: ChangeOrigin | undefined;
}

type Fields = Readonly<Record<string, unknown>>;
type Images = Pick<RowChange, 'before' | 'after'>;
interface Source {
  readonly fields: Fields;
  readonly origin: ChangeOrigin;
  readonly table: TableRef;
}

// A record whose bytes are not UTF-8 did not come from the connector: better malformed than silently repaired.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads the value of a Kafka record (Debezium's JSON, with or without schemas). Never throws, whatever the bytes are. */
export function parseEnvelope(value: Uint8Array | null): Parsed {
  if (value === null) return { kind: 'ignored', reason: 'tombstone' };
  const usual = readRowEvent(value);
  return usual === undefined ? parseWhole(value) : { kind: 'change', change: usual };
}

/** The long way, which knows every event and every fault. */
export function parseWhole(value: Uint8Array): Parsed {
  try {
    const text = utf8.decode(value);
    const parsed = parseLossless(text, rowsOf);
    if (mayHoldUnavailable(text)) rowsOf(parsed).filter(isFields).forEach(markUnavailable);
    return readEnvelope(unwrap(parsed));
  } catch (error) {
    return malformed(error instanceof Error ? error.message : 'unreadable');
  }
}

/** With schemas on, the envelope is the payload of `{ schema, payload }`. */
function unwrap(parsed: unknown): unknown {
  return isFields(parsed) && 'schema' in parsed && 'payload' in parsed ? parsed['payload'] : parsed;
}

function rowsOf(parsed: unknown): readonly unknown[] {
  const envelope = unwrap(parsed);
  if (!isFields(envelope)) return [];
  const source = isFields(envelope['source']) ? [envelope['source']['lsn']] : [];
  return [envelope['before'], envelope['after'], ...source];
}

function readEnvelope(envelope: unknown): Parsed {
  if (envelope === null) return { kind: 'ignored', reason: 'tombstone' };
  if (!isFields(envelope)) return malformed('not an object');
  const op = envelope['op'];
  if (op === undefined) return withoutOp(envelope);
  const source = readSource(envelope['source'], op);
  if (typeof source === 'string') return malformed(source);
  return op === 'm' ? readMessage(envelope['message'], source) : readTableEvent(op, envelope, source);
}

/** The connector's own heartbeat is a bare time, its transaction boundary has a status. */
function withoutOp(envelope: Fields): Parsed {
  const names = Object.keys(envelope);
  const ours =
    (names.length === 1 && 'ts_ms' in envelope) || envelope['status'] === 'BEGIN' || envelope['status'] === 'END';
  return ours ? { kind: 'ignored', reason: 'connector' } : malformed('no operation');
}

function readSource(fields: unknown, op: unknown): Source | string {
  if (!isFields(fields)) return 'no source';
  // A logical message belongs to no table.
  const { schema, table, txId } = op === 'm' ? { ...fields, schema: '', table: '' } : fields;
  const commitMs = commitTime(fields);
  if (typeof schema !== 'string' || typeof table !== 'string') return 'no table name';
  if (commitMs === undefined) return 'no commit time';
  return {
    fields,
    table: { schema, table },
    origin: { xid: xidOf(txId), commitMs, lsn: wholeNumberOf(fields['lsn']) },
  };
}

/** Rounded down: the watermark must never be ahead of the commit. */
function commitTime({ ts_us: us, ts_ms: ms }: Fields): number | undefined {
  if (typeof us === 'number' && Number.isSafeInteger(us)) return Math.floor(us / 1000);
  return typeof ms === 'number' && Number.isSafeInteger(ms) ? ms : undefined;
}

function xidOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff ? value : undefined;
}

function wholeNumberOf(value: unknown): bigint | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : undefined;
}

function readMessage(message: unknown, { origin }: Source): Parsed {
  const ours = isFields(message) ? schemaChange(message, origin) : undefined;
  return ours === undefined ? { kind: 'ignored', reason: 'message' } : { kind: 'change', change: ours };
}

function readTableEvent(op: unknown, envelope: Fields, source: Source): Parsed {
  const { table, origin } = source;
  if (op === 't') return { kind: 'change', change: { kind: 'truncate', table, ...origin } };
  if (op === 'r') return snapshotRead(source);
  const before = image(envelope['before']);
  const after = image(envelope['after']);
  if (before === 'wrong' || after === 'wrong') return malformed('a row image is not an object', source);
  if (op !== 'd' && after === undefined) return malformed('no after image', source);
  if (table.table === HEARTBEAT_TABLE && op !== 'd') return heartbeat(after, source);
  if (op === 'c') return rowChange('insert', source, { before: undefined, after });
  if (op === 'u') return rowChange('update', source, { before, after });
  if (op === 'd') return rowChange('delete', source, { before, after: undefined });
  return malformed('unknown operation', source);
}

function rowChange(op: RowChange['op'], { table, origin }: Source, { before, after }: Images): Parsed {
  const { xid, commitMs, lsn } = origin;
  return { kind: 'change', change: { kind: 'row', table, op, before, after, xid, commitMs, lsn } };
}

function snapshotRead({ fields, table, origin }: Source): Parsed {
  if (fields['snapshot'] === 'incremental') return { kind: 'ignored', reason: 'incremental-snapshot' };
  return { kind: 'change', change: { kind: 'snapshot-read', table, ...origin } };
}

function heartbeat(after: Row | undefined, source: Source): Parsed {
  const sequence = wholeNumberOf(after?.['seq']);
  if (sequence === undefined) return malformed('a heartbeat without a sequence number', source);
  return {
    kind: 'change',
    change: {
      kind: 'heartbeat',
      sequence,
      seen: wholeNumberOf(after?.['seen']),
      server: serverOf(after),
      ...source.origin,
    },
  };
}

function serverOf(row: Row | undefined): DatabaseServer | undefined {
  const { run, line } = row ?? {};
  const since = wholeNumberOf(row?.['since']);
  return typeof run === 'string' && typeof line === 'string' && since !== undefined ? { run, since, line } : undefined;
}

function image(value: unknown): Row | undefined | 'wrong' {
  if (value === undefined || value === null) return undefined;
  return isFields(value) ? value : 'wrong';
}

function malformed(reason: string, source?: Source): Malformed {
  return { kind: 'malformed', reason, table: source?.table, origin: source?.origin };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
