import { type CacheEntry, type Control, type Meta } from '@freshet/cache-engine';
import { listOf, numberOf, textOf } from './replies.js';
import { isOpenOn } from './server-run.js';

/** The hash at an entry's key. A lease has `lease` and `reads`, an entry has all but `lease`. */
export const ENTRY_FIELDS = ['body', 'snapshot', 'epoch', 'etag', 'status', 'stored', 'ttl', 'meta', 'lease'] as const;

export function parseEntry(reply: unknown): { entry: CacheEntry | undefined; leased: boolean } {
  const [body, snapshot, epoch, etag, status, stored, ttl, meta, lease] = listOf(reply);
  const leased = lease !== null && lease !== undefined;
  if (!Buffer.isBuffer(body)) return { entry: undefined, leased };
  const entry: CacheEntry = {
    body,
    snapshot: textOf(snapshot) ?? '',
    epoch: numberOf(epoch) ?? -1,
    etag: textOf(etag) ?? '',
    status: numberOf(status) ?? 200,
    storedAtMs: numberOf(stored) ?? 0,
    ttlSeconds: numberOf(ttl) ?? 0,
    meta: parseMeta(textOf(meta)),
  };
  return { entry, leased };
}

function parseMeta(text: string | undefined): Meta {
  return text === undefined || text === '{}' ? {} : (JSON.parse(text) as Meta);
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
