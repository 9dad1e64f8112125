import { type CacheEntry, type LeaseId, type Registration } from '@freshet/cache-engine';
import { cacheKey, statementId, tableName, tag } from '@freshet/cache-keys';

export const scheme = { table: tableName('public', 'item'), parts: [] };
const statement = statementId('item.get', 'text');

export function registration(change: Partial<Registration> = {}): Registration {
  return {
    key: cacheKey('item', 'v1', {}),
    lease: 'a' as LeaseId,
    take: true,
    beside: false,
    leaseMs: 60_000,
    epoch: 0,
    reads: [{ statement, values: [] }],
    tags: [tag(scheme, [])],
    schemes: [scheme],
    footprints: new Map([[statement, '{}']]),
    memberSeconds: 1000,
    ...change,
  };
}

/** Read from rows of before any change of a test. */
export function entryWith(body: Buffer): CacheEntry {
  return {
    body,
    status: 200,
    meta: {},
    etag: '"x"',
    snapshot: '100:100:',
    epoch: 0,
    storedAtMs: 0,
    ttlSeconds: 900,
  };
}
