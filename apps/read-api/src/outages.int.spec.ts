import { Cable } from './testing/cable.js';
import { REDIS_DB, REDIS_PORT, RunningService, SERVER } from './testing/running-service.js';

const BUSINESS = '/api/businesses/1/';
// A read that finds a lease of a load that failed waits for it first.
jest.setTimeout(30_000);

const name = `read_api_outages_${process.pid}`;
let toDatabase: Cable;
let toRedis: Cable;
let service: RunningService;

beforeAll(async () => {
  toDatabase = await Cable.to(Number(new URL(SERVER).port || 5432));
  toRedis = await Cable.to(REDIS_PORT);
  const database = new URL(SERVER);
  database.port = String(toDatabase.port);
  database.pathname = `/${name}`;
  service = await RunningService.start(name, {
    DATABASE_URL: database.href,
    REDIS_URL: `redis://127.0.0.1:${toRedis.port}/${REDIS_DB}`,
  });
}, 60_000);
afterAll(async () => {
  await service.stop();
  toDatabase.close();
  toRedis.close();
});
afterEach(() => {
  toDatabase.mend();
  toRedis.mend();
});

it('without the database stored answers go on, others are 503 and never 401', async () => {
  await service.ask(BUSINESS);
  toDatabase.cut();
  expect((await service.ask(BUSINESS)).headers['cache-status']).toMatch(/^Freshet; hit/);
  const missing = await service.ask('/api/businesses/2/');
  expect([missing.status, missing.text]).toEqual([503, '{"detail":"Service temporarily unavailable."}']);
  expect(missing.headers['retry-after']).toMatch(/^\d+$/);
  const unknownCaller = await service.ask(BUSINESS, { as: 'superuser' });
  expect(unknownCaller.status).toBe(503);
  const { text: figures } = await service.ask('/metrics', { as: null });
  expect(figures).toMatch(/view="business\.get",outcome="error",detail="SOURCE_UNAVAILABLE".*\} [1-9]/);
  const health = await service.ask('/healthz', { as: null });
  expect([health.status, health.text]).toEqual([503, '{"ok": false, "db": false}']);
  expect((await service.ask('/ready', { as: null })).status).toBe(503);
  expect((await service.ask('/live', { as: null })).status).toBe(200);
});

it('with the database back everything is answered again', async () => {
  toDatabase.cut();
  expect((await service.ask('/api/businesses/2/')).status).toBe(503);
  toDatabase.mend();
  expect((await service.ask('/api/businesses/2/')).status).toBe(200);
});

it('without Redis every answer comes from the database, and says so', async () => {
  toRedis.cut();
  const answer = await service.ask(BUSINESS);
  expect([answer.status, answer.headers['cache-status']]).toEqual([200, 'Freshet; fwd=bypass; detail=redis-down']);
});

it('a table that changed its columns under a prepared statement is read again', async () => {
  const fresh = { headers: { 'cache-control': 'no-cache' } };
  for (let i = 0; i < 3; i++) await service.ask('/api/products/2/', fresh);
  await service.write('ALTER TABLE billing_product ALTER COLUMN name TYPE text');
  expect((await service.ask('/api/products/2/', fresh)).status).toBe(200);
});
