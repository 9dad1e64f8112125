import { z } from 'zod';
import { addresses, flag, port, text, url, whole, type Address, type Mode } from './values.js';

export type RedisTopology =
  | ({ readonly kind: 'single' } & Address)
  | { readonly kind: 'sentinel'; readonly master: string; readonly sentinels: readonly Address[] }
  | { readonly kind: 'cluster'; readonly nodes: readonly Address[] };

/** What the store needs to know to connect. */
export interface RedisConfig {
  readonly topology: RedisTopology;
  readonly db: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly sentinelPassword: string | undefined;
  /** Undefined: no TLS. Without `caFile` the system's authorities are trusted. */
  readonly tls: { readonly caFile: string | undefined } | undefined;
  readonly timeoutMs: number;
}

const DEFAULT_PORT = 6379;
const SENTINEL_PORT = 26_379;
const PLACES = ['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'] as const;

const variables = (mode: Mode) =>
  z.object({
    REDIS_HOST: text('a host name').default(mode === 'production' ? 'redis' : 'localhost'),
    REDIS_PORT: port().default(DEFAULT_PORT),
    REDIS_DB: whole(0, 1_000_000).optional(),
    REDIS_URL: url('a redis:// or rediss:// URL', 'redis:', 'rediss:').optional(),
    REDIS_SENTINELS: addresses(SENTINEL_PORT).optional(),
    REDIS_SENTINEL_MASTER: z.string().default('mymaster'),
    REDIS_SENTINEL_PASSWORD: z.string().optional(),
    REDIS_CLUSTER_NODES: addresses(DEFAULT_PORT).optional(),
    REDIS_USERNAME: z.string().optional(),
    REDIS_PASSWORD: z.string().optional(),
    REDIS_TLS: flag().default(false),
    REDIS_TLS_CA_FILE: z.string().optional(),
    REDIS_TIMEOUT_MS: whole(1, 600_000).default(3000),
  });

type Variables = z.infer<ReturnType<typeof variables>>;

export const redisSection = (mode: Mode): z.ZodType<RedisConfig> =>
  variables(mode).transform((v, context): RedisConfig => {
    const problem = contradiction(v);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: [problem.variable], message: problem.message });
    return { ...config(v, mode), ...(v.REDIS_URL === undefined ? {} : fromUrl(v.REDIS_URL, v, mode)) };
  });

function contradiction(v: Variables): { variable: string; message: string } | undefined {
  const [first, second] = PLACES.filter((name) => v[name] !== undefined);
  if (first !== undefined && second !== undefined) {
    return { variable: second, message: `cannot be combined with ${first}: say in one way where Redis is` };
  }
  // A cluster has database 0 only.
  const misplaced = v.REDIS_CLUSTER_NODES !== undefined && (v.REDIS_DB ?? 0) !== 0;
  return misplaced ? { variable: 'REDIS_DB', message: 'expected 0 or nothing, as a cluster has no other' } : undefined;
}

function config(v: Variables, mode: Mode): RedisConfig {
  return {
    topology: topology(v),
    db: v.REDIS_CLUSTER_NODES === undefined ? (v.REDIS_DB ?? defaultDb(mode)) : 0,
    username: v.REDIS_USERNAME,
    password: v.REDIS_PASSWORD,
    sentinelPassword: v.REDIS_SENTINEL_PASSWORD,
    tls: v.REDIS_TLS ? { caFile: v.REDIS_TLS_CA_FILE } : undefined,
    timeoutMs: v.REDIS_TIMEOUT_MS,
  };
}

/** Development and production may share a server without meeting. */
function defaultDb(mode: Mode): number {
  return mode === 'production' ? 2 : 1;
}

function topology(v: Variables): RedisTopology {
  if (v.REDIS_SENTINELS !== undefined) {
    return { kind: 'sentinel', master: v.REDIS_SENTINEL_MASTER, sentinels: v.REDIS_SENTINELS };
  }
  if (v.REDIS_CLUSTER_NODES !== undefined) return { kind: 'cluster', nodes: v.REDIS_CLUSTER_NODES };
  return { kind: 'single', host: v.REDIS_HOST, port: v.REDIS_PORT };
}

/** What the URL says wins over the single variables; what it leaves out is theirs. */
function fromUrl(at: URL, v: Variables, mode: Mode): Partial<RedisConfig> {
  const db = /^\/(\d+)$/.exec(at.pathname)?.[1];
  const secure = at.protocol === 'rediss:' || v.REDIS_TLS;
  return {
    topology: {
      kind: 'single',
      host: at.hostname.replace(/^\[|\]$/g, ''),
      port: at.port === '' ? DEFAULT_PORT : Number(at.port),
    },
    db: db === undefined ? (v.REDIS_DB ?? defaultDb(mode)) : Number(db),
    username: at.username === '' ? v.REDIS_USERNAME : decodeURIComponent(at.username),
    password: at.password === '' ? v.REDIS_PASSWORD : decodeURIComponent(at.password),
    tls: secure ? { caFile: v.REDIS_TLS_CA_FILE } : undefined,
  };
}
