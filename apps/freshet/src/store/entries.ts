import { type EntryRead } from '@freshet/cache-engine';
import { viewOfKey, type CacheKey } from '@freshet/cache-keys';
import { parseHead, scanPages, type StoreConnection } from '@freshet/redis-store';

/** What stands at an entry's key, for people to look at. */
export interface Shown {
  readonly key: CacheKey;
  /** A lease is held by a reader that is making the entry. */
  readonly kind: 'entry' | 'lease';
  readonly reads: readonly EntryRead[] | undefined;
  readonly snapshot: string | undefined;
  readonly epoch: number | undefined;
  readonly etag: string | undefined;
  readonly status: number | undefined;
  readonly storedAtMs: number | undefined;
  readonly bodyBytes: number;
  readonly ttlLeftMs: number;
}

const FIELDS = ['lease', 'reads', 'head'] as const;

const NO_HEAD: Partial<ReturnType<typeof parseHead>> = {};

export async function readEntry(redis: StoreConnection, key: string): Promise<Shown | undefined> {
  const pipeline = redis
    .pipeline()
    .hmget(key, ...FIELDS)
    .hstrlen(key, 'body')
    .pttl(key);
  const [fields, size, ttl] = ((await pipeline.exec()) ?? []).map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
  const [lease, reads, head] = fields as (string | null)[];
  if (lease == null && head == null) return undefined;
  const { snapshot, epoch, etag, status, storedAtMs } = head == null ? NO_HEAD : parseHead(head);
  return {
    key: key as CacheKey,
    kind: head == null ? 'lease' : 'entry',
    reads: reads == null ? undefined : (JSON.parse(reads) as EntryRead[]),
    snapshot,
    epoch,
    etag,
    status,
    storedAtMs,
    bodyBytes: Number(size),
    ttlLeftMs: Number(ttl),
  };
}

export function keysOfView(redis: StoreConnection, view: string): AsyncIterable<readonly string[]> {
  return scanPages(redis, `e:${view.replace(/[*?[\]\\]/g, '\\$&')}@*`);
}

/** Up to that many entries, from all over the store. */
export async function someEntryKeys(redis: StoreConnection, most: number): Promise<readonly string[]> {
  const found = new Set<string>();
  for await (const page of scanPages(redis, 'e:*')) {
    for (const key of page) if (viewOfKey(key) !== undefined) found.add(key);
    if (found.size >= most) break;
  }
  return [...found].slice(0, most);
}
