import { randomUUID } from 'node:crypto';
import { StoreUnavailable } from '@freshet/cache-engine';
import { tag } from '@freshet/cache-keys';
import { RedisChangeStore, RedisEntryStore } from './index.js';
import { PrivateRedis } from './testing/private-redis.js';
import { registration, scheme } from './testing/registration.js';

const byId = { table: scheme.table, parts: [{ column: 'id', keying: { kind: 'value' as const } }] };
const stream = { topic: 'changes', partition: 0 };

describe('a server that loses its scripts', () => {
  let server: PrivateRedis;
  beforeAll(async () => {
    server = await PrivateRedis.start();
  });
  afterAll(() => server.stop());

  it('has a registration carried out in its order all the same, also one of several steps', async () => {
    const redis = await server.connect();
    const entries = new RedisEntryStore(redis);
    await new RedisChangeStore(redis, { nonce: randomUUID }).open();
    const tags = Array.from({ length: 250 }, (_, i) => tag(byId, [String(i)]));
    await redis.script('FLUSH');
    expect((await entries.register(registration({ tags }))).kind).toBe('registered');
    expect(await redis.exists(...tags)).toBe(tags.length);
  });

  it('never has what stands in a pipeline carried out late: it fails, and the next one has it again', async () => {
    const redis = await server.connect();
    const changes = new RedisChangeStore(redis, { nonce: randomUUID });
    await redis.script('FLUSH');
    await expect(changes.fence([7], stream)).rejects.toThrow(StoreUnavailable);
    expect(await redis.zcard('{freshet}fence')).toBe(0);
    expect((await changes.fence([7], stream)).incarnation).toBeDefined();
  });

  it('carries out a single step all the same', async () => {
    const redis = await server.connect();
    await redis.script('FLUSH');
    expect(await new RedisChangeStore(redis, { nonce: randomUUID }).raiseEpoch('test')).toBeGreaterThan(0);
  });
});
