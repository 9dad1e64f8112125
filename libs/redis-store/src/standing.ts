import { type EntryRead, type Standing } from '@freshet/cache-engine';
import { listOf, textOf } from './replies.js';

/** What `parseStanding` reads, in this order. */
export const STANDING_FIELDS = ['lease', 'snapshot', 'reads', 'wanted'] as const;

export function parseStanding(reply: unknown): Standing {
  const [lease, snapshot, reads, wanted] = listOf(reply).map(textOf);
  const own = reads === undefined ? undefined : (JSON.parse(reads) as EntryRead[]);
  const parsed = own === undefined || wanted === undefined ? own : [...own, ...(JSON.parse(wanted) as EntryRead[])];
  if (lease === undefined && snapshot !== undefined) return { kind: 'entry', reads: parsed, snapshot };
  return lease === undefined ? { kind: 'gone' } : { kind: 'lease', reads: parsed };
}
