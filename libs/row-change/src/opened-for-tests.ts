import { type Parsed } from './envelope.js';

/** With the images of a row read, as a plain object that can be compared. */
export function opened(parsed: Parsed): Parsed {
  if (parsed.kind !== 'change' || parsed.change.kind !== 'row') return parsed;
  const { kind, op, table, before, after, xid, commitMs, lsn } = parsed.change;
  return { kind: 'change', change: { kind, op, table, before, after, xid, commitMs, lsn } };
}
