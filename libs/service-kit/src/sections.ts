import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { flag, milliseconds, oneOf, port, seconds, secret, text, url, type Mode } from './values.js';

/** Well known on purpose: whoever runs production with it must not get that far (the variable is required there). */
export const DEVELOPMENT_SECRET_KEY = 'freshet-development-secret-key-do-not-use-in-production';
const DEVELOPMENT_DATABASE_URL = 'postgres://reader:reader@127.0.0.1:15432/freshet';

/** A default that exists in development only. */
function inDevelopment<T>(mode: Mode, schema: z.ZodType<T>, value: NoInfer<T>): z.ZodType<T> {
  return mode === 'development' ? schema.default(value as never) : schema;
}

/** How the process listens and logs. */
export const serviceSection = (defaultPort: number) => (mode: Mode) =>
  z
    .object({
      PORT: port().default(defaultPort),
      HOST: text('the address to listen on').default(mode === 'production' ? '0.0.0.0' : '127.0.0.1'),
      LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
    })
    .transform(({ PORT, HOST, LOG_LEVEL }) => ({ port: PORT, host: HOST, logLevel: LOG_LEVEL }));

/** The key to the admin API. `generated`: nobody chose it, so `main` prints it. */
export const adminSection = (mode: Mode) =>
  z
    .object({ ADMIN_TOKEN: mode === 'production' ? secret('the token of the admin API') : z.string().optional() })
    .transform(({ ADMIN_TOKEN }) => ({
      token: ADMIN_TOKEN ?? randomBytes(24).toString('base64url'),
      generated: ADMIN_TOKEN === undefined,
    }));

/** The key that the original application signs its tokens with. */
export const tokenSection = (mode: Mode) =>
  z
    .object({
      DJANGO_SECRET_KEY: inDevelopment(mode, secret('the key that tokens are signed with'), DEVELOPMENT_SECRET_KEY),
    })
    .transform(({ DJANGO_SECRET_KEY }) => ({ secretKey: DJANGO_SECRET_KEY }));

export const databaseSection = (mode: Mode) =>
  z
    .object({
      DATABASE_URL: inDevelopment(
        mode,
        url('a postgres:// URL', 'postgres:', 'postgresql:').transform((u) => u.href),
        DEVELOPMENT_DATABASE_URL,
      ),
    })
    .transform(({ DATABASE_URL }) => ({ url: DATABASE_URL }));

/** How the cache behaves. */
export const cacheSection = (_mode: Mode) =>
  z
    .object({
      CACHE_ENABLED: flag().default(true),
      CACHE_DEFAULT_TTL: seconds().default(900),
      CACHE_REFRESH_ON_CHANGE: flag().default(false),
      CACHE_EARLY_REFRESH: flag().default(true),
      MAX_STALENESS: milliseconds().default(10_000),
      ON_STALE: oneOf('bypass', 'serve', 'fail').default('bypass'),
    })
    .transform((v) => ({
      enabled: v.CACHE_ENABLED,
      defaultTtlSeconds: v.CACHE_DEFAULT_TTL,
      refreshOnChange: v.CACHE_REFRESH_ON_CHANGE,
      earlyRefresh: v.CACHE_EARLY_REFRESH,
      maxStalenessMs: v.MAX_STALENESS,
      onStale: v.ON_STALE,
    }));
