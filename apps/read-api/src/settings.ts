import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import {
  cacheSection,
  databaseSection,
  milliseconds,
  redisSection,
  serviceSection,
  text,
  tokenSection,
  tracingSection,
  whole,
  type Environment,
  type Mode,
} from '@freshet/service-kit';

/** The original's own list in production; development allows every origin. */
const PRODUCTION_ORIGINS = 'http://localhost:8000,http://127.0.0.1:8000';
/** This host and private networks: where a gateway stands. */
const USUAL_PROXIES = '127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7';

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Who may read from a browser page elsewhere, and whose word on the scheme counts. */
const httpSection = (mode: Mode) =>
  z
    .object({
      CORS_ORIGINS: z.string().default(mode === 'production' ? PRODUCTION_ORIGINS : '*'),
      TRUSTED_PROXIES: z
        .string()
        .default(USUAL_PROXIES)
        .refine((text) => list(text).every(isNetwork), 'expected addresses or networks, separated by commas'),
    })
    .transform((v) => ({ corsOrigins: list(v.CORS_ORIGINS), trustedProxies: list(v.TRUSTED_PROXIES) }));

/** Where the original keeps uploaded files; without it signatures are shown as missing. */
const mediaSection = (_mode: Mode) =>
  z.object({ MEDIA_ROOT: z.string().optional() }).transform((v) => ({ root: v.MEDIA_ROOT }));

/** How long one read may wait for Redis, whatever the socket's own limit. */
const budgetSection = (_mode: Mode) =>
  z.object({ REDIS_READ_BUDGET: milliseconds().default(150) }).transform((v) => ({ redisReadMs: v.REDIS_READ_BUDGET }));

/** Copies of entries in the process itself. */
const nearSection = (_mode: Mode) =>
  z
    .object({ NEAR_CACHE_BYTES: whole(0, 2 ** 40).default(64 * 1024 * 1024) })
    .transform((v) => ({ maxBytes: v.NEAR_CACHE_BYTES }));

/** From which size on an answer is no longer held in memory. */
const exportSection = (_mode: Mode) =>
  z
    .object({ EXPORT_HELD_ROWS: whole(0, 10 ** 9).default(10_000) })
    .transform((v) => ({ heldRows: v.EXPORT_HELD_ROWS }));

/** How much of the database one process may take. */
const poolSection = (_mode: Mode) =>
  z
    .object({
      DATABASE_POOL_SIZE: whole(1, 1000).default(10),
      DATABASE_CONNECT_TIMEOUT: milliseconds().default(2000),
      DATABASE_STATEMENT_TIMEOUT: milliseconds().default(15_000),
      DATABASE_PUBLICATION: text('the publication that the connector reads').default('freshet'),
    })
    .transform((v) => ({
      poolSize: v.DATABASE_POOL_SIZE,
      connectTimeoutMs: v.DATABASE_CONNECT_TIMEOUT,
      statementTimeoutMs: v.DATABASE_STATEMENT_TIMEOUT,
      publication: v.DATABASE_PUBLICATION,
    }));

/** Every variable the read API knows. */
export const sections = {
  service: serviceSection(3000),
  http: httpSection,
  token: tokenSection,
  database: databaseSection,
  pool: poolSection,
  redis: redisSection,
  budget: budgetSection,
  near: nearSection,
  media: mediaSection,
  exports: exportSection,
  cache: cacheSection,
  tracing: tracingSection,
};

export type Settings = Environment<typeof sections>;

function isNetwork(text: string): boolean {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  if (family === 0) return false;
  try {
    if (bits !== undefined) new BlockList().addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false;
  }
}
