import { type RequestListener, type Server } from 'node:http';
import { HEALTH, nestLogger, startTracing, type Health, type Logger } from '@freshet/service-kit';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Redis } from 'ioredis';
import { type Pool } from 'pg';
import { AppModule } from './app.module.js';
import { type Background } from './background.js';
import { type NearStore } from './engine/near-store.js';
import { type Api } from './http/api.js';
import { sharedServer } from './http/server.js';
import { answerUnreadable } from './http/unreadable.js';
import { type Settings } from './settings.js';
import { API, BACKGROUND, LOGGER, NEAR, POOL, REDIS } from './tokens.js';
import { tracedAnswers } from './tracing.js';

/** The running service: where it listens, and what ends it, in order. */
export interface Service {
  readonly url: string;
  readonly logger: Logger;
  readonly stopping: readonly (() => unknown)[];
}

export async function startService(settings: Settings): Promise<Service> {
  // The server is made before what it serves.
  const late: { api?: Api } = {};
  const tracing = await startTracing(settings.tracing, 'freshet-read-api');
  const answer = tracedAnswers(tracing, async (request, response) => late.api?.handle(request, response));
  const adapter = new FastifyAdapter({
    serverFactory: (framework: RequestListener): Server => sharedServer(framework, answer),
    clientErrorHandler: answerUnreadable,
    forceCloseConnections: 'idle',
    skipMiddie: true,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(settings, tracing), adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  const logger = app.get<Logger>(LOGGER);
  app.useLogger(nestLogger(logger));
  late.api = app.get<Api>(API);
  const background = app.get<Background>(BACKGROUND);
  await background.start();
  await app.listen({ port: settings.service.port, host: settings.service.host });
  const stopping = [
    () => app.get<Health>(HEALTH).drain(),
    () => app.close(),
    () => background.stop(),
    () => app.get<Pool>(POOL).end(),
    () => app.get<NearStore>(NEAR).stop(),
    () => app.get<Redis>(REDIS).disconnect(),
    () => tracing?.stop(),
  ];
  return { url: await app.getUrl(), logger, stopping };
}
