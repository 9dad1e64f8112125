import { bytesOf, isDigit, JsonScan } from './json-scan.js';
import { LoggedRow, type Span } from './logged-row.js';
import { MemberPlaces, standsAt } from './member-places.js';
import { HEARTBEAT_TABLE, type RowChange, type TableRef } from './row-change.js';

const [BEFORE, AFTER, SOURCE, OP, PAYLOAD] = [0, 1, 2, 3, 4];
const ENVELOPE = ['before', 'after', 'source', 'op', 'payload'];
const [TS_US, SCHEMA, TABLE, TX_ID, LSN] = [0, 1, 2, 3, 4];
const ORIGIN = ['ts_us', 'schema', 'table', 'txId', 'lsn'];

const OPS: ReadonlyMap<number, RowChange['op']> = new Map([
  [bytesOf('c')[0] ?? 0, 'insert'],
  [bytesOf('u')[0] ?? 0, 'update'],
  [bytesOf('d')[0] ?? 0, 'delete'],
]);
const NULL = bytesOf('null');
const [OPEN_OBJECT] = bytesOf('{');
const [BACKSLASH, QUOTE] = bytesOf('\\"');
/** More may be more than a double holds, and are not computed. */
const MOST_DIGITS = 16;

const utf8 = new TextDecoder('utf-8', { fatal: true });
// Made once: a record is read from its first byte to its last without a pause.
const scan = new JsonScan();
const origin = new MemberPlaces(ORIGIN);
const envelope = new MemberPlaces(ENVELOPE, { name: 'source', visitor: origin });

/**
 * The usual record by a short way: an insert, update or delete as the connector writes it, passed over once as bytes, its images left
 * unread. Undefined for every other record and for every one in which something is amiss: the long way says what that is. Never throws.
 */
export function readRowEvent(bytes: Uint8Array): LoggedRow | undefined {
  scan.over(bytes);
  envelope.over(bytes);
  origin.over(bytes);
  if (scan.object(0, envelope) !== bytes.length || envelope.fromOf(PAYLOAD) !== -1) return undefined;
  if (bytes[envelope.fromOf(SOURCE)] !== OPEN_OBJECT) return undefined;
  const op = OPS.get(bytes[envelope.fromOf(OP) + 1] ?? 0);
  const before = imageAt(bytes, BEFORE);
  const after = imageAt(bytes, AFTER);
  if (op === undefined || envelope.toOf(OP) - envelope.fromOf(OP) !== 3) return undefined;
  if (before === 'wrong' || after === 'wrong' || (op !== 'delete' && after === undefined)) return undefined;
  const images = { before: op === 'insert' ? undefined : before, after: op === 'delete' ? undefined : after };
  return loggedRow(bytes, op, images);
}

function loggedRow(
  bytes: Uint8Array,
  op: RowChange['op'],
  images: { before: Span | undefined; after: Span | undefined },
): LoggedRow | undefined {
  const table = tableAt(bytes);
  const commitUs = wholeNumberAt(bytes, TS_US);
  const xid = wholeNumberAt(bytes, TX_ID);
  const lsn = wholeNumberAt(bytes, LSN);
  if (table === undefined || commitUs === undefined || xid === undefined || lsn === undefined) return undefined;
  if (xid > 0xffff_ffff || table.table === HEARTBEAT_TABLE) return undefined;
  if (scan.beyondAscii && !isUtf8(bytes)) return undefined;
  return new LoggedRow(op, table, xid, Math.floor(commitUs / 1000), { lsn, bytes, ...images });
}

function imageAt(bytes: Uint8Array, which: number): Span | undefined | 'wrong' {
  const from = envelope.fromOf(which);
  const to = envelope.toOf(which);
  if (from === -1 || standsAt(bytes, from, to, NULL)) return undefined;
  return bytes[from] === OPEN_OBJECT ? { from, to } : 'wrong';
}

function wholeNumberAt(bytes: Uint8Array, which: number): number | undefined {
  const from = origin.fromOf(which);
  const to = origin.toOf(which);
  if (from === -1 || to - from > MOST_DIGITS) return undefined;
  let value = 0;
  for (let i = from; i < to; i += 1) {
    if (!isDigit(bytes[i])) return undefined;
    value = value * 10 + (bytes[i] as number) - 0x30;
  }
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Records of one table come in runs: the same names are the same object. */
let last: { readonly schema: readonly number[]; readonly table: readonly number[]; readonly ref: TableRef } | undefined;

function tableAt(bytes: Uint8Array): TableRef | undefined {
  const [schemaFrom, schemaTo] = [origin.fromOf(SCHEMA), origin.toOf(SCHEMA)];
  const [tableFrom, tableTo] = [origin.fromOf(TABLE), origin.toOf(TABLE)];
  if (
    last !== undefined &&
    standsAt(bytes, schemaFrom, schemaTo, last.schema) &&
    standsAt(bytes, tableFrom, tableTo, last.table)
  ) {
    return last.ref;
  }
  const [schema, table] = [textAt(bytes, schemaFrom, schemaTo), textAt(bytes, tableFrom, tableTo)];
  if (schema === undefined || table === undefined) return undefined;
  last = {
    schema: bytesIn(bytes, schemaFrom, schemaTo),
    table: bytesIn(bytes, tableFrom, tableTo),
    ref: { schema, table },
  };
  return last.ref;
}

function bytesIn(bytes: Uint8Array, from: number, to: number): readonly number[] {
  return [...bytes.subarray(from, to)];
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Undefined for what is no text, or one with escapes or beyond ASCII. */
function textAt(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (from === -1 || bytes[from] !== QUOTE) return undefined;
  const inside = bytes.subarray(from + 1, to - 1);
  return inside.every((byte) => byte < 0x80 && byte !== BACKSLASH) ? utf8.decode(inside) : undefined;
}
