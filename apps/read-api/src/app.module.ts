import { type IncomingMessage } from 'node:http';
import { SchemaWatch, StatementRegistry, type EntryStore, type Reader, type Source } from '@freshet/cache-engine';
import { ttlTables, type TtlTable } from '@freshet/cache-keys';
import { loadParser } from '@freshet/footprint';
import { connectRedis, entryStoreOn, firstConnection, type StoreConnection } from '@freshet/redis-store';
import {
  createLogger,
  createMetrics,
  Health,
  HEALTH,
  METRICS,
  OperationsController,
  requestId,
  type Logger,
  type Tracing,
} from '@freshet/service-kit';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { type Pool } from 'pg';
import { type Registry } from 'prom-client';
import { AccessTokens } from './auth/access-token.js';
import { Accounts } from './auth/accounts.js';
import { roleView } from './auth/role-view.js';
import { userView } from './auth/user-view.js';
import { Background } from './background.js';
import { DocsController } from './docs/docs.controller.js';
import { makeReader } from './engine/make-reader.js';
import { NearStore } from './engine/near-store.js';
import { ViewReader } from './engine/view-reader.js';
import { HealthzController } from './healthz.controller.js';
import { Api } from './http/api.js';
import { Compression } from './http/compression.js';
import { Cors } from './http/cors.js';
import { Exports } from './http/exports.js';
import { MediaLinks } from './http/media-links.js';
import { Methods } from './http/methods.js';
import { Origins } from './http/origin.js';
import { Plans } from './http/plans.js';
import { ResponseTally } from './http/response-tally.js';
import { Router } from './http/router.js';
import { countReads, watchNearCache, watchPool } from './metrics.js';
import { connectionPool } from './postgres/connection-pool.js';
import { DatabaseClock } from './postgres/database-clock.js';
import { PostgresSource } from './postgres/postgres-source.js';

import { mediaFiles } from './media-files.js';
import { type Route } from './route.js';
import { apiRoutes } from './routes.js';
import { type Settings } from './settings.js';
import { systemChance, systemClock } from './system-clock.js';
import * as T from './tokens.js';
import { tracedReads, tracedSource, tracedStore } from './tracing.js';
import { both, tellTrouble } from './trouble.js';

const BREAKER = { failures: 5, retryAfterMs: 1000 };

const providers = (settings: Settings, tracing: Tracing | undefined): Provider[] => [
  { provide: T.SETTINGS, useValue: settings },
  { provide: T.LOGGER, useFactory: () => loggerOf(settings) },
  { provide: METRICS, useFactory: () => createMetrics('read-api') },

  // The database.
  { provide: T.POOL, useFactory: poolOf, inject: [T.SETTINGS, T.LOGGER, METRICS] },
  {
    provide: T.SOURCE,
    useFactory: (pool: Pool) => tracedSource(new PostgresSource(pool), tracing),
    inject: [T.POOL],
  },
  {
    provide: T.DATABASE_CLOCK,
    useFactory: (pool: Pool) => new DatabaseClock(pool, { wallMs: Date.now, monotonicMs: () => performance.now() }),
    inject: [T.POOL],
  },

  // The store.
  { provide: T.REDIS, useFactory: () => redisOf(settings) },
  {
    provide: T.NEAR,
    useFactory: (redis: StoreConnection, metrics: Registry) => {
      const near = new NearStore(entryStoreOn(redis, { budgetMs: settings.budget.redisReadMs, ...BREAKER }), settings);
      watchNearCache(metrics, near);
      return near;
    },
    inject: [T.REDIS, METRICS],
  },
  { provide: T.STORE, useFactory: (near: NearStore) => tracedStore(near.store, tracing), inject: [T.NEAR] },

  // The engine.
  {
    provide: T.STATEMENTS,
    useFactory: async () => {
      await loadParser();
      return new StatementRegistry();
    },
  },
  {
    provide: T.SCHEMA_WATCH,
    useFactory: (store: EntryStore, source: Source, statements: StatementRegistry, clock: DatabaseClock) =>
      new SchemaWatch({ store, source, statements, clock: systemClock(clock) }, settings.pool.publication),
    inject: [T.STORE, T.SOURCE, T.STATEMENTS, T.DATABASE_CLOCK],
  },
  {
    provide: T.BACKGROUND,
    useFactory: (clock: DatabaseClock, schema: SchemaWatch, statements: StatementRegistry, logger: Logger) =>
      new Background({ clock, schema, statements, logger }),
    inject: [T.DATABASE_CLOCK, T.SCHEMA_WATCH, T.STATEMENTS, T.LOGGER],
  },
  {
    provide: T.READER,
    useFactory: (
      store: EntryStore,
      source: Source,
      statements: StatementRegistry,
      clock: DatabaseClock,
      background: Background,
      near: NearStore,
      logger: Logger,
      metrics: Registry,
    ) =>
      makeReader(
        {
          store,
          source,
          statements,
          clock: systemClock(clock),
          chance: systemChance,
          listen: tracedReads(both(countReads(metrics), tellTrouble(logger, Date.now)), tracing),
          schemaMoved: () => background.schemaMoved(),
        },
        settings,
        near,
      ),
    inject: [T.STORE, T.SOURCE, T.STATEMENTS, T.DATABASE_CLOCK, T.BACKGROUND, T.NEAR, T.LOGGER, METRICS],
  },

  // What is served.
  { provide: T.ROUTES, useFactory: () => apiRoutes(mediaFiles(settings.media.root)) },
  {
    provide: T.VIEWS,
    useFactory: (reader: Pick<Reader, 'read'>, routes: readonly Route[]) =>
      ViewReader.over(reader, [userView, roleView, ...routes.flatMap(({ views }) => views.map(({ view }) => view))], {
        ttls: ttlTable(settings),
        mostHeldRows: settings.exports.heldRows,
      }),
    inject: [T.READER, T.ROUTES],
  },
  { provide: T.API, useFactory: apiOf, inject: [T.SETTINGS, T.ROUTES, T.VIEWS, T.SOURCE, T.LOGGER, METRICS] },
  { provide: HEALTH, useFactory: healthOf, inject: [T.POOL, T.STATEMENTS] },
];

@Module({})
export class AppModule {
  static with(settings: Settings, tracing?: Tracing): DynamicModule {
    return {
      module: AppModule,
      controllers: [OperationsController, HealthzController, DocsController],
      providers: providers(settings, tracing),
    };
  }
}

function loggerOf({ service, token, redis, database }: Settings): Logger {
  const secrets = [token.secretKey, redis.password, new URL(database.url).password];
  return createLogger({ service: 'read-api', level: service.logLevel, secrets });
}

function poolOf({ database, pool: limits }: Settings, logger: Logger, metrics: Registry): Pool {
  const pool = connectionPool({ url: database.url, ...limits }, logger);
  watchPool(metrics, pool);
  return pool;
}

/** Without Redis the service works too; with one that must not be used it does not start. */
async function redisOf({ redis: access }: Settings): Promise<StoreConnection> {
  const redis = connectRedis(access);
  await firstConnection(redis, access.timeoutMs);
  return redis;
}

function ttlTable({ mode, cache }: Settings): TtlTable {
  return { ...ttlTables[mode], default: cache.defaultTtlSeconds };
}

function apiOf(
  { token, http }: Settings,
  routes: readonly Route[],
  views: ViewReader,
  source: Source,
  logger: Logger,
  metrics: Registry,
): Api {
  const plans = new Plans(new Router(routes), views);
  const origins = new Origins(http.trustedProxies);
  const mediaLinks = new MediaLinks(token.secretKey, Date.now);
  const onFault = (err: unknown, { headers, method, url }: IncomingMessage): string => {
    const reqId = requestId(headers['x-request-id']);
    logger.error({ err, reqId, method, url }, 'a request failed');
    return reqId;
  };
  return new Api({
    plans,
    tokens: new AccessTokens(token.secretKey, Date.now),
    accounts: new Accounts(views),
    methods: new Methods({ plans, views, origins, mediaLinks }),
    compression: new Compression(),
    exports: new Exports(source, onFault),
    cors: new Cors(http.corsOrigins),
    tally: new ResponseTally(metrics),
    nowMs: Date.now,
    onFault,
  });
}

function healthOf(pool: Pool, statements: StatementRegistry): Health {
  const health = new Health();
  health.register('database', async () => void (await pool.query('SELECT 1')));
  health.register('catalogue', () => (statements.schemaVersion === undefined ? 'not read yet' : undefined));
  return health;
}
