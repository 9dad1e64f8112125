import { type CacheEntry, type Control, type Meta } from '@freshet/cache-engine';
import { listOf, numberOf, textOf } from './replies.js';
import { isOpenOn } from './server-run.js';

/**
 * What a reader needs of the hash at an entry's key. A lease has `lease` and `reads`; an entry has `body`, `head`, and by themselves, too,
 * `snapshot` and, as `under`, the epoch, for those who look at no more. A release that stores another form must not use these names: what
 * one of them cannot read has to look like an empty place to it.
 */
export const ENTRY_FIELDS = ['head', 'body', 'lease'] as const;

export type EntryHead = Omit<CacheEntry, 'body'>;

/** All but the body in one field: a hit costs by the number of replies more than by their length. */
export function headOf({ snapshot, epoch, etag, status, storedAtMs, ttlSeconds, meta }: EntryHead): string {
  return JSON.stringify([snapshot, epoch, etag, status, storedAtMs, ttlSeconds, meta]);
}

export function parseHead(text: string): EntryHead {
  const parts = JSON.parse(text) as [string, number, string, number, number, number, Meta];
  const [snapshot, epoch, etag, status, storedAtMs, ttlSeconds, meta] = parts;
  return { snapshot, epoch, etag, status, storedAtMs, ttlSeconds, meta };
}

export function parseEntry(reply: unknown): { entry: CacheEntry | undefined; leased: boolean } {
  const [head, body, lease] = listOf(reply);
  const leased = lease !== null && lease !== undefined;
  const text = textOf(head);
  if (!Buffer.isBuffer(body) || text === undefined) return { entry: undefined, leased };
  return { entry: { body, ...parseHead(text) }, leased };
}

export const CONTROL_FIELDS = ['epoch', 'watermark', 'schema', 'disabled', 'server'] as const;

/** @param runs those of the servers that answered: a store last opened on others may have been set back, and is not open there. */
export function parseControl(reply: unknown, runs: string): Control {
  const [epoch, watermark, schema, disabled, server] = listOf(reply);
  const off = textOf(disabled);
  return {
    epoch: isOpenOn(textOf(server), runs) ? numberOf(epoch) : undefined,
    watermarkMs: numberOf(watermark),
    schemaVersion: numberOf(schema) ?? 0,
    disabled: off === undefined || off === '' ? [] : off.split(','),
  };
}
