import { randomUUID } from 'node:crypto';
import { type LeaseId, StoreUnavailable } from '@freshet/cache-engine';
import { cacheKey } from '@freshet/cache-keys';
import { RedisChangeStore, RedisEntryStore } from './index.js';
import { PrivateRedis } from './testing/private-redis.js';
import { registration } from './testing/registration.js';

const key = cacheKey('item', 'v1', {});

describe('a server that loses its scripts', () => {
  let server: PrivateRedis;
  beforeAll(async () => {
    server = await PrivateRedis.start();
  });
  afterAll(() => server.stop());

  it('never has steps carried out late: the read goes without the store, and the next one has it again', async () => {
    const redis = await server.connect();
    const entries = new RedisEntryStore(redis);
    await new RedisChangeStore(redis, { nonce: randomUUID }).open();
    expect((await entries.register(registration())).kind).toBe('registered');
    await entries.release(key, 'a' as LeaseId);
    await redis.script('FLUSH');
    await expect(entries.register(registration())).rejects.toThrow(StoreUnavailable);
    expect(await redis.exists(key)).toBe(0);
    expect((await entries.register(registration())).kind).toBe('registered');
  });

  it('carries out a single step all the same', async () => {
    const redis = await server.connect();
    await redis.script('FLUSH');
    expect(await new RedisChangeStore(redis, { nonce: randomUUID }).raiseEpoch('test')).toBeGreaterThan(0);
  });
});
