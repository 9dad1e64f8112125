import { type News } from '@freshet/cache-engine';
import { type CacheKey, controlKeys } from '@freshet/cache-keys';
import { type Cluster, type Redis } from 'ioredis';

/**
 * A channel belongs to the server, not to a database of it: each message ends with the database that it is about. It is a sharded one: in a
 * cluster it is told and heard at the master of the control keys only, so that its order is that of one server.
 *
 * `channel` is what scripts are handed; the client puts the prefix in front of what it is given itself.
 */
export function newsOf({ options }: Redis | Cluster): { readonly channel: string; readonly database: string } {
  const database = 'db' in options ? String(options.db ?? 0) : '0';
  return { channel: (options.keyPrefix ?? '') + controlKeys.news, database };
}

export function deleteNews(keys: readonly CacheKey[], database: string): string {
  return `delete ${JSON.stringify(keys)} ${database}`;
}

const FORM = /^(delete|watermark|epoch) (.*) (\d+)$/s;

/** Undefined for what is about another database, or in no form that is known. */
export function parseNews(message: string, database: string): News | undefined {
  const [, kind, what = '', about] = FORM.exec(message) ?? [];
  if (about !== database) return undefined;
  if (kind === 'delete') return { kind, keys: JSON.parse(what) as CacheKey[] };
  if (kind === 'epoch') return { kind, epoch: Number(what) };
  const [ms, epoch] = what.split(' ').map(Number);
  return ms === undefined || epoch === undefined ? undefined : { kind: 'watermark', ms, epoch };
}
