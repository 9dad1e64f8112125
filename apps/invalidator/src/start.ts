import { randomUUID } from 'node:crypto';
import { type ChangeStore } from '@freshet/cache-engine';
import { changeStoreOn, connectRedis, firstConnection, reaperOn } from '@freshet/redis-store';
import { createLogger, fastifyLogging, Health, type Logger, nestLogger, startTracing } from '@freshet/service-kit';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { RedisOperatorStore } from './admin/operator-store.js';
import { appModule, LOOK_EVERY_MS } from './app.module.js';
import { type InvalidatorEnvironment } from './environment.js';
import { type InvalidationListener } from './invalidation.js';
import { type IdleStreams } from './kafka/idle-streams.js';
import { type LogTransport } from './kafka/log-transport.js';
import { type ProgressBoard } from './progress-board.js';
import { BOARD, IDLE_STREAMS, TRANSPORT, WATCHDOG } from './tokens.js';
import { type Watchdog } from './watchdog.js';

const STEP_EVERY_MS = 1000;

/** What tests vary. */
export interface Variations {
  /** Puts something between the engine and the store. */
  readonly wrapStore?: (store: ChangeStore) => ChangeStore;
  /** Hears everything that metrics and logs hear. */
  readonly listen?: InvalidationListener;
}

export interface Service {
  readonly url: string;
  readonly logger: Logger;
  /** Not ready any more, then: the slice in hand is finished, the group left, connections closed. */
  readonly shutdownSteps: readonly (() => unknown)[];
}

/** Brings the service up. `onFatal` is called with an error that waiting cannot mend; the process should then end. */
export async function start(
  environment: InvalidatorEnvironment,
  onFatal: (error: unknown, logger: Logger) => void,
  { wrapStore = (store) => store, listen = () => undefined }: Variations = {},
): Promise<Service> {
  const { service } = environment;
  const redisConfig = heardByTheGroup(environment);
  const logger = createLogger({ service: 'invalidator', level: service.logLevel, secrets: secretsOf(environment) });
  const health = new Health();
  const tracing = await startTracing(environment.tracing, 'freshet-invalidator');
  const redis = connectRedis(redisConfig, { onError: (err) => logger.debug({ err }, 'redis') });
  await firstConnection(redis, redisConfig.timeoutMs);
  const module = appModule({
    environment,
    logger,
    health,
    changeStore: wrapStore(changeStoreOn(redis, { nonce: randomUUID })),
    operatorStore: new RedisOperatorStore(redis),
    listen,
    tracing,
    onFatal: (error) => onFatal(error, logger),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(fastifyLogging(logger)), {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  const stopWatching = watch(app, health);
  const reaper = reaperOn(redis);
  const stopReaping = steadily(() => reaper.step(), { logger, what: 'the index could not be trimmed' });
  const idle = app.get<IdleStreams>(IDLE_STREAMS);
  const stopSettling = steadily(() => idle.look(), { logger, what: 'idle partitions could not be settled' });
  app.connectMicroservice<MicroserviceOptions>(
    { strategy: app.get<LogTransport>(TRANSPORT) },
    { inheritAppConfig: true },
  );
  // Health first: a broker that is away must not hide the process that waits for it.
  await app.listen(service.port, service.host);
  await app.startAllMicroservices();
  const shutdownSteps = [
    () => health.drain(),
    () => app.close(),
    stopWatching,
    stopReaping,
    stopSettling,
    () => redis.disconnect(),
    () => tracing?.stop(),
  ];
  return { url: await app.getUrl(), logger, shutdownSteps };
}

/** A store that hangs must be given up on before the group gives up on us. */
function heardByTheGroup({ redis, kafka }: InvalidatorEnvironment): InvalidatorEnvironment['redis'] {
  return { ...redis, timeoutMs: Math.min(redis.timeoutMs, Math.floor(kafka.sessionTimeoutMs / 2)) };
}

function secretsOf({ redis, kafka, admin }: InvalidatorEnvironment): (string | undefined)[] {
  return [redis.password, redis.sentinelPassword, kafka.sasl?.password, admin.generated ? undefined : admin.token];
}

/** Beside the work, a step each second. What fails is tried again with the next: memory grows or the watermark stands until then. */
function steadily(step: () => Promise<unknown>, { logger, what }: { logger: Logger; what: string }): () => void {
  let busy = false;
  const once = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      await step();
    } catch (err) {
      logger.debug({ err }, what);
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void once(), STEP_EVERY_MS);
  return () => clearInterval(timer);
}

function watch(app: NestFastifyApplication, health: Health): () => void {
  const watchdog = app.get<Watchdog>(WATCHDOG);
  const board = app.get<ProgressBoard>(BOARD);
  const { feed } = app.get<LogTransport>(TRANSPORT);
  const timer = setInterval(() => watchdog.look(), LOOK_EVERY_MS);
  health.register('kafka', () => {
    const { state } = feed;
    if (state.kind === 'waiting') return state.reason;
    return state.kind === 'running' || state.kind === 'standby' ? undefined : state.kind;
  });
  health.tell('role', () => feed.role);
  health.register('redis', () => board.waitingFor);
  health.register('progress', () => (watchdog.stalled ? 'no progress and no empty fetch' : undefined));
  return () => clearInterval(timer);
}
