import { readFileSync } from 'node:fs';
import { Redis, type RedisOptions } from 'ioredis';
import { defineScripts, type ScriptedRedis } from './scripts.js';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is and how to be let in. */
export interface RedisAccess {
  readonly topology:
    | ({ readonly kind: 'single' } & Address)
    | { readonly kind: 'sentinel'; readonly master: string; readonly sentinels: readonly Address[] }
    | { readonly kind: 'cluster'; readonly nodes: readonly Address[] };
  readonly db: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly sentinelPassword: string | undefined;
  readonly tls: { readonly caFile: string | undefined } | undefined;
  /** Of the socket: to connect, and to hear anything at all. */
  readonly timeoutMs: number;
}

export interface ConnectOptions {
  /** Put in front of every key. */
  readonly keyPrefix?: string;
  readonly onError?: (error: Error) => void;
}

/** The longest pause between two attempts to reach a server that is away. */
const LONGEST_RETRY_MS = 1000;

/**
 * Connects and keeps connected. Commands fail at once while there is no connection: a read goes on without the cache, an
 * invalidation is tried again by its caller, and nothing queues up unseen.
 */
export function connectRedis(access: RedisAccess, options: ConnectOptions = {}): ScriptedRedis {
  const redis = new Redis({ ...placeOf(access), ...behaviour(access, options), replyMapping: 'legacy' });
  redis.on('error', options.onError ?? (() => undefined));
  return defineScripts(redis);
}

function placeOf({ topology, db, username, password, sentinelPassword, tls }: RedisAccess): RedisOptions {
  if (topology.kind === 'cluster')
    throw new TypeError('Redis Cluster is not supported: set REDIS_HOST, REDIS_URL or REDIS_SENTINELS');
  const secure = tls === undefined ? {} : { tls: tls.caFile === undefined ? {} : { ca: readFileSync(tls.caFile) } };
  const who = { db, ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
  if (topology.kind === 'single') return { host: topology.host, port: topology.port, ...who, ...secure };
  return {
    sentinels: topology.sentinels.map((address) => ({ ...address })),
    name: topology.master,
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    ...(tls === undefined ? {} : { enableTLSForSentinelMode: true }),
    ...who,
    ...secure,
  };
}

function behaviour({ timeoutMs }: RedisAccess, { keyPrefix }: ConnectOptions): RedisOptions {
  return {
    ...(keyPrefix === undefined ? {} : { keyPrefix }),
    // Push frames are of no use here, and the older protocol is the cheaper one.
    protocol: 2,
    connectTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    keepAlive: timeoutMs,
    enableOfflineQueue: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * attempt, LONGEST_RETRY_MS),
  };
}
