import { type EntryRead, type Standing } from '@freshet/cache-engine';
import { listOf, textOf } from './replies.js';

/** What `parseStanding` reads, in this order. */
export const STANDING_FIELDS = ['lease', 'snapshot', 'reads', 'wanted'] as const;

/** What `parseToldStanding` reads, in this order: what is JSON first, as it has no line breaks. */
export const TOLD_FIELDS = ['reads', 'wanted', 'snapshot', 'lease'] as const;

/** All of them in one text, a line each behind a letter that tells whether it is there. */
export function parseToldStanding(text: string): Standing {
  const [reads, wanted, snapshot, lease] = text
    .split('\n')
    .map((part) => (part.startsWith('+') ? part.slice(1) : null));
  return parseStanding([lease, snapshot, reads, wanted]);
}

export function parseStanding(reply: unknown): Standing {
  const [lease, snapshot, reads, wanted] = listOf(reply).map(textOf);
  const own = reads === undefined ? undefined : (JSON.parse(reads) as EntryRead[]);
  const parsed = own === undefined || wanted === undefined ? own : [...own, ...(JSON.parse(wanted) as EntryRead[])];
  if (lease === undefined && snapshot !== undefined) return { kind: 'entry', reads: parsed, snapshot };
  return lease === undefined ? { kind: 'gone' } : { kind: 'lease', reads: parsed };
}
