import { type LogRecord, type RecordSlice, type Turn } from '../src/log-record.js';

/** Builders of what the tests feed in: records as the connector writes them. */
export function source(table: string, more: object = {}): object {
  return {
    schema: 'public',
    table,
    txId: 700,
    lsn: 1000,
    ts_us: 1_700_000_000_000_000,
    ts_ms: 1_700_000_000_000,
    ...more,
  };
}

export function insert(table: string, row: object, more: object = {}): string {
  return JSON.stringify({ op: 'c', before: null, after: row, source: source(table, more) });
}

export function heartbeat(sequence: number): string {
  return JSON.stringify({
    op: 'u',
    before: null,
    after: { id: 1, seq: sequence },
    source: source('freshet_heartbeat'),
  });
}

export function record(offset: number, value: string | null): LogRecord {
  return {
    offset: String(offset),
    key: null,
    value: value === null ? null : Buffer.from(value),
    timestamp: '1700000000005',
  };
}

/** Records at the offsets from `first` on. */
export function sliceOf(values: readonly (string | null)[], first = 0): RecordSlice {
  const records = values.map((value, i) => record(first + i, value));
  return { topic: 'changes', partition: 0, records, highWatermark: String(first + values.length) };
}

export const freeTurn: Turn = { heartbeat: async () => undefined, over: () => false };
