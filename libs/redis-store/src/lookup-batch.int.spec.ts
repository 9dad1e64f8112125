import { randomUUID } from 'node:crypto';
import { RedisChangeStore, RedisEntryStore } from './index.js';
import { PrivateRedis } from './testing/private-redis.js';
import { registration } from './testing/registration.js';

const { key } = registration();

describe('equal lookups', () => {
  let server: PrivateRedis;
  beforeAll(async () => {
    server = await PrivateRedis.start();
  });
  afterAll(() => server.stop());

  it('share a reply until they are sent: who comes later gets what stands there then', async () => {
    const redis = await server.connect();
    await new RedisChangeStore(redis, { nonce: randomUUID }).open();
    const entries = new RedisEntryStore(redis);
    await entries.register(registration());
    const sent = redis.hmgetBuffer.bind(redis) as (...args: unknown[]) => Promise<unknown>;
    let later: ReturnType<typeof entries.lookup> | undefined;
    let asked = 0;
    redis.hmgetBuffer = ((...args: unknown[]) => {
      asked += 1;
      const reply = sent(...args);
      if (later === undefined) {
        void redis.del(key);
        later = entries.lookup(key);
      }
      return reply;
    }) as typeof redis.hmgetBuffer;
    const early = await Promise.all([entries.lookup(key), entries.lookup(key)]);
    expect(early.map(({ leased }) => leased)).toEqual([true, true]);
    expect((await later)?.leased).toBe(false);
    expect(asked).toBe(2);
  });
});
