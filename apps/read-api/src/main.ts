import 'reflect-metadata';
import { type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { HEALTH, nestLogger, parseEnvironment, shutdownOnSignal, type Health, type Logger } from '@freshet/service-kit';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Redis } from 'ioredis';
import { type Pool } from 'pg';
import { AppModule } from './app.module.js';
import { type Background } from './background.js';
import { type Api } from './http/api.js';
import { sharedServer } from './http/server.js';
import { sections, type Settings } from './settings.js';
import { API, BACKGROUND, LOGGER, POOL, REDIS } from './tokens.js';

const DRAIN_DEADLINE_MS = 20_000;

async function serve(settings: Settings): Promise<void> {
  let api: Api | undefined;
  const answer = (request: IncomingMessage, response: ServerResponse): unknown => api?.handle(request, response);
  const adapter = new FastifyAdapter({
    serverFactory: (framework: RequestListener): Server => sharedServer(framework, answer),
    forceCloseConnections: 'idle',
    skipMiddie: true,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(settings), adapter, { bufferLogs: true });
  const logger = app.get<Logger>(LOGGER);
  app.useLogger(nestLogger(logger));
  api = app.get<Api>(API);

  const background = app.get<Background>(BACKGROUND);
  await background.start();
  const { host, port } = settings.service;
  await app.listen({ host, port });
  logger.info({ host, port }, 'listening');
  shutdownOnSignal(process, {
    logger,
    deadlineMs: DRAIN_DEADLINE_MS,
    steps: [
      () => app.get<Health>(HEALTH).drain(),
      () => app.close(),
      () => background.stop(),
      () => app.get<Pool>(POOL).end(),
      () => app.get<Redis>(REDIS).disconnect(),
    ],
  });
}

const parsed = parseEnvironment(sections, process.env);
if (parsed.ok) {
  void serve(parsed.environment);
} else {
  for (const line of parsed.lines) console.error(line);
  process.exitCode = 1;
}
