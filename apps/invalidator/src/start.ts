import { type ChangeStore } from '@freshet/cache-engine';
import { connectRedis, RedisChangeStore } from '@freshet/redis-store';
import { createLogger, fastifyLogging, Health, type Logger, nestLogger, shutdownOnSignal } from '@freshet/service-kit';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { RedisOperatorStore } from './admin/operator-store.js';
import { appModule, LOOK_EVERY_MS } from './app.module.js';
import { type InvalidatorEnvironment } from './environment.js';
import { type LogTransport } from './kafka/log-transport.js';
import { type ProgressBoard } from './progress-board.js';
import { BOARD, TRANSPORT, WATCHDOG } from './tokens.js';
import { type Watchdog } from './watchdog.js';

const DRAIN_MS = 10_000;

export interface Variations {
  /** Tests put themselves between the engine and the store. */
  readonly wrapStore?: (store: ChangeStore) => ChangeStore;
}

/** Brings the service up and leaves it running until a signal ends it. */
export async function start(
  environment: InvalidatorEnvironment,
  { wrapStore = (store) => store }: Variations = {},
): Promise<void> {
  const { service, redis: redisConfig, kafka, admin } = environment;
  const secrets = [redisConfig.password, redisConfig.sentinelPassword, kafka.sasl?.password];
  const logger = createLogger({
    service: 'invalidator',
    level: service.logLevel,
    secrets: [...secrets, admin.generated ? undefined : admin.token],
  });
  const health = new Health();
  const redis = connectRedis(redisConfig, { onError: (err) => logger.debug({ err }, 'redis') });

  const module = appModule({
    environment,
    logger,
    health,
    changeStore: wrapStore(new RedisChangeStore(redis, { nonce: randomUUID })),
    operatorStore: new RedisOperatorStore(redis),
    onFatal: (err) => giveUp(logger, err),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(fastifyLogging(logger)), {
    logger: nestLogger(logger),
  });
  const transport = app.get<LogTransport>(TRANSPORT);
  watch(health, app.get<Watchdog>(WATCHDOG), transport, app.get<ProgressBoard>(BOARD));
  app.connectMicroservice<MicroserviceOptions>({ strategy: transport }, { inheritAppConfig: true });
  shutdownOnSignal(process, {
    logger,
    steps: [() => health.drain(), () => app.close(), () => redis.quit()],
    deadlineMs: DRAIN_MS,
  });

  // Health first: a broker that is away must not hide the process that waits for it.
  await app.listen(service.port, service.host);
  logger.info({ url: await app.getUrl(), ...(admin.generated ? { generatedAdmin: admin.token } : {}) }, 'listening');
  await app.startAllMicroservices();
}

function watch(health: Health, watchdog: Watchdog, transport: LogTransport, board: ProgressBoard): void {
  setInterval(() => watchdog.look(), LOOK_EVERY_MS).unref();
  health.register('kafka', () => {
    const { state } = transport.feed;
    if (state.kind === 'waiting') return state.reason;
    return state.kind === 'running' ? undefined : state.kind;
  });
  health.register('redis', () => board.waitingFor);
  health.register('progress', () => (watchdog.stalled ? 'no progress and no empty fetch' : undefined));
}

/** Nothing is lost by going: offsets and position stand before the slice that could not be applied. */
function giveUp(logger: Logger, err: unknown): void {
  logger.fatal({ err }, 'giving up');
  logger.flush(() => process.exit(1));
}
