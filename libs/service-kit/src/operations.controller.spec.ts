import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Health } from './health.js';
import { fastifyLogging, nestLogger } from './http-logging.js';
import { createLogger } from './logger.js';
import { createMetrics } from './metrics.js';
import { HEALTH, METRICS, OperationsController } from './operations.controller.js';

const lines: string[] = [];
const health = new Health();
let app: NestFastifyApplication;

beforeAll(async () => {
  const logger = createLogger({ service: 'test', level: 'info', destination: { write: (line) => lines.push(line) } });
  const module = await Test.createTestingModule({
    controllers: [OperationsController],
    providers: [
      { provide: HEALTH, useValue: health },
      { provide: METRICS, useFactory: () => createMetrics('test') },
    ],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(fastifyLogging(logger)), {
    logger: nestLogger(logger),
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterAll(() => app.close());

const get = (url: string) => app.inject({ method: 'GET', url });

describe('OperationsController', () => {
  test('a process that answers is alive', async () => {
    expect((await get('/live')).statusCode).toBe(200);
  });

  test('ready turns 503 with the reason, and back', async () => {
    let reason: string | undefined = 'connection refused';
    health.register('redis', () => reason);
    const bad = await get('/ready');
    expect([bad.statusCode, bad.json()]).toEqual([503, { ready: false, checks: { redis: 'connection refused' } }]);
    reason = undefined;
    expect((await get('/ready')).statusCode).toBe(200);
  });

  test('metrics are Prometheus text and name the service', async () => {
    const answer = await get('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.body).toMatch(/^process_resident_memory_bytes\{service="test"\} \d+/m);
  });

  test('requests that went well leave no line in the log', async () => {
    await get('/live');
    expect(lines).toEqual([]);
  });
});
