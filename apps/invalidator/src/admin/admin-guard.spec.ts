import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { APP_GUARD } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { OPERATOR } from '../tokens.js';
import { AdminController } from './admin.controller.js';
import { AdminGuard } from './admin-guard.js';
import { OpsPageController } from './ops-page.controller.js';

const TOKEN = 'a-token';
const calls: string[] = [];
let app: NestFastifyApplication;

beforeAll(async () => {
  const note = (name: string) => async () => void calls.push(name);
  const operator = Object.fromEntries(
    ['status', 'raiseEpoch', 'purge', 'pause', 'resume', 'replay', 'switchModel'].map((name) => [name, note(name)]),
  );
  const module = await Test.createTestingModule({
    controllers: [AdminController, OpsPageController],
    providers: [
      { provide: OPERATOR, useValue: operator },
      { provide: APP_GUARD, useFactory: () => new AdminGuard(TOKEN) },
    ],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterAll(() => app.close());
beforeEach(() => calls.splice(0));

const DOORS = [
  ['GET', 'status'],
  ['POST', 'epoch'],
  ['POST', 'purge'],
  ['POST', 'pause'],
  ['POST', 'resume'],
  ['POST', 'replay'],
  ['POST', 'models'],
] as const;

describe('the admin API', () => {
  test.each(DOORS)(
    '%s /admin/%s stays shut without the token, however the path and the token are spelled',
    async (method, door) => {
      const paths = [`/admin/${door}`, `/%61dmin/${door}`, `/admin/${door}?token=${TOKEN}`];
      const wrong = [undefined, '', TOKEN, 'Bearer ', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, 'Bearer undefined'];
      for (const url of paths) {
        for (const authorization of wrong) {
          const headers = authorization === undefined ? {} : { authorization };
          const answer = await app.inject({ method, url, headers, ...(method === 'POST' ? { payload: {} } : {}) });
          expect(answer.statusCode).toBe(401);
          expect(answer.body).not.toContain(TOKEN);
        }
      }
      expect(calls).toEqual([]);
    },
  );

  test('with the token it opens', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await app.inject({ method: 'GET', url: '/admin/status', headers })).statusCode).toBe(200);
    expect(calls).toEqual(['status']);
  });

  test.each([
    ['purge', {}],
    ['purge', { table: 't', key: 'k' }],
    ['purge', { table: '' }],
    ['replay', { from: 'yesterday' }],
    ['replay', { from: -1 }],
    ['models', { model: 'Nobody', enabled: true }],
    ['models', { model: 'Invoice' }],
    ['epoch', { reason: 5 }],
  ])('a malformed request to %s is refused: %j', async (door, payload) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await app.inject({ method: 'POST', url: `/admin/${door}`, headers, payload })).statusCode).toBe(400);
    expect(calls).toEqual([]);
  });

  test('the ops page is open to all, holds no secret, and may load nothing from elsewhere', async () => {
    const page = await app.inject({ method: 'GET', url: '/' });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).not.toContain(TOKEN);
  });
});
