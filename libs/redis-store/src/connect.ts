import { readFileSync } from 'node:fs';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { defineScripts, type ScriptedRedis, type StoreConnection } from './scripts.js';

interface Address {
  readonly host: string;
  readonly port: number;
}

type OneServer =
  | ({ readonly kind: 'single' } & Address)
  | { readonly kind: 'sentinel'; readonly master: string; readonly sentinels: readonly Address[] };

/** Where Redis is and how to be let in. */
export interface RedisAccess<Topology = OneServer | { readonly kind: 'cluster'; readonly nodes: readonly Address[] }> {
  readonly topology: Topology;
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
const TRY_AGAIN_MS = 50;

/**
 * Connects and keeps connected. Commands fail at once while there is no connection: a read goes on without the cache, an
 * invalidation is tried again by its caller, and nothing queues up unseen.
 */
export function connectRedis(access: RedisAccess<OneServer>, options?: ConnectOptions): ScriptedRedis;
export function connectRedis(access: RedisAccess, options?: ConnectOptions): StoreConnection;
export function connectRedis(access: RedisAccess, options: ConnectOptions = {}): StoreConnection {
  const { topology } = access;
  const redis =
    topology.kind === 'cluster' ? cluster(access, topology.nodes, options) : server(access, topology, options);
  redis.on('error', options.onError ?? (() => undefined));
  return defineScripts(redis);
}

/**
 * A connection for nothing but news. In a cluster they are told at one master only: any node says which that is when it is asked to
 * listen there (`follow-news.ts`), and while none answers they are tried in turn.
 */
export function connectForNews(access: RedisAccess): Redis {
  const { topology } = access;
  const nodes = topology.kind === 'cluster' ? topology.nodes : [];
  const redis: Redis =
    topology.kind === 'cluster'
      ? new Redis({ ...nodes[0], ...credentials(access), ...behaviour(access, {}), retryStrategy: elsewhere })
      : server(access, topology, {});
  function elsewhere(attempt: number): number {
    if (attempt > 1) Object.assign(redis.options, nodes[attempt % nodes.length]);
    return pauseMs(attempt);
  }
  redis.on('error', () => undefined);
  // Another may be the master by now: what a replica heard of it is not enough.
  if (topology.kind === 'cluster')
    redis.on('smessage', (_channel, message: string) => void (message.startsWith('epoch ') && redis.disconnect(true)));
  return redis;
}

function server(access: RedisAccess, topology: OneServer, options: ConnectOptions): Redis {
  return new Redis({ ...placeOf(access, topology), ...behaviour(access, options), replyMapping: 'legacy' });
}

/** Replicas are never asked: what a master has deleted they may still have. */
function cluster(access: RedisAccess, nodes: readonly Address[], options: ConnectOptions): Cluster {
  const { retryStrategy, enableOfflineQueue, ...node } = behaviour(access, options);
  return new Cluster(
    nodes.map((address) => ({ ...address })),
    {
      redisOptions: { ...credentials(access), ...node },
      scaleReads: 'master',
      enableOfflineQueue,
      clusterRetryStrategy: retryStrategy,
      slotsRefreshTimeout: access.timeoutMs,
      // While keys are on their way from one master to another, a step that needs several of them waits. All else fails at once.
      retryDelayOnTryAgain: TRY_AGAIN_MS,
      retryDelayOnClusterDown: 0,
      retryDelayOnFailover: 0,
      // Certificates are for names.
      ...(access.tls === undefined ? {} : { dnsLookup: (name, found) => found(null, name) }),
    },
  );
}

function credentials({ username, password, tls }: RedisAccess) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls: tls.caFile === undefined ? {} : { ca: readFileSync(tls.caFile) } }),
  };
}

function placeOf(access: RedisAccess, topology: OneServer): RedisOptions {
  const { db, sentinelPassword, tls } = access;
  const who = { db, ...credentials(access) };
  if (topology.kind === 'single') return { host: topology.host, port: topology.port, ...who };
  return {
    sentinels: topology.sentinels.map((address) => ({ ...address })),
    name: topology.master,
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    ...(tls === undefined ? {} : { enableTLSForSentinelMode: true }),
    ...who,
  };
}

function behaviour({ timeoutMs }: RedisAccess, { keyPrefix }: ConnectOptions) {
  return {
    ...(keyPrefix === undefined ? {} : { keyPrefix }),
    // Push frames are of no use here, and the older protocol is the cheaper one.
    protocol: 2 as const,
    connectTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    keepAlive: timeoutMs,
    enableOfflineQueue: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: pauseMs,
  };
}

function pauseMs(attempt: number): number {
  return Math.min(50 * attempt, LONGEST_RETRY_MS);
}
