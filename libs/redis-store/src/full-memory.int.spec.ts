import { randomUUID } from 'node:crypto';
import { type ChangeStore, type LeaseId, StoreUnavailable } from '@freshet/cache-engine';
import { cacheKey, type CacheKey, tag } from '@freshet/cache-keys';
import { checkRedis, firstConnection, RedisChangeStore, RedisEntryStore, type ScriptedRedis } from './index.js';
import { PrivateRedis } from './testing/private-redis.js';
import { entryWith, registration, scheme } from './testing/registration.js';

const MEGABYTE = 1024 * 1024;
const everything = tag(scheme, []);
const stream = { topic: 'changes', partition: 0 };

describe.each(['noeviction', 'volatile-lru', 'volatile-lfu', 'volatile-random', 'volatile-ttl'])(
  'a server that is full, under %s',
  (policy) => {
    let server: PrivateRedis;
    let redis: ScriptedRedis;
    let entries: RedisEntryStore;
    let changes: ChangeStore;

    beforeAll(async () => {
      server = await PrivateRedis.start('--maxmemory-policy', policy);
      redis = await server.connect();
      entries = new RedisEntryStore(redis);
      changes = new RedisChangeStore(redis, { nonce: randomUUID });
      await changes.open();
    });
    afterAll(() => server.stop());

    /** Loads one entry after the other until well past what fits. Resolves to what became of each. */
    const fillUp = async (): Promise<Map<CacheKey, string>> => {
      const { used_memory: used } = Object.fromEntries(
        (await redis.info('memory')).split('\r\n').map((line) => line.split(':')),
      ) as { used_memory: string };
      await redis.config('SET', 'maxmemory', Number(used) + 3 * MEGABYTE);
      const { epoch = 0 } = await entries.lookup(cacheKey('item', 'v1', {}));
      const outcomes = new Map<CacheKey, string>();
      for (let id = 0; id < 100; id += 1) outcomes.set(...(await fill(id, epoch)));
      return outcomes;
    };
    const fill = async (id: number, epoch: number): Promise<[CacheKey, string]> => {
      const key = cacheKey('item', 'v1', { id });
      const lease = `lease ${id}` as LeaseId;
      try {
        const registered = await entries.register(registration({ key, lease, epoch }));
        const position = registered.kind === 'registered' ? registered.position : 0;
        return [key, await entries.fill({ key, lease, entry: { ...large, epoch }, position })];
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        return [key, 'refused'];
      }
    };

    it('passes the check at start, keeps the index whole, and still applies every change', async () => {
      await checkRedis(redis);
      const outcomes = await fillUp();
      const stored = async (): Promise<CacheKey[]> => {
        const held = await Promise.all([...outcomes.keys()].map((key) => redis.hexists(key, 'body')));
        return [...outcomes.keys()].filter((_, i) => held[i] === 1);
      };
      const present = await stored();
      expect(present.length).toBeGreaterThan(0);
      expect(present.length).toBeLessThan(outcomes.size);

      const listed = new Set<CacheKey>();
      for await (const page of changes.members([everything]))
        for (const { key } of page.get(everything) ?? []) listed.add(key);
      expect(present.filter((key) => !listed.has(key))).toEqual([]);

      const many = Array.from({ length: 2000 }, (_, i) => 1000 + i);
      expect((await changes.fence(many, stream)).incarnation).toBeDefined();
      expect(await redis.zcard('{freshet}fence')).toBe(many.length);
      await changes.schemaChanged();
      const epoch = await changes.raiseEpoch('test');
      const position = { ...stream, offset: 1n };
      await changes.publish({ position, watermarkMs: 5, pulse: undefined, pulseBroken: false, completed: many });
      expect(await entries.lookup(cacheKey('item', 'v1', {}))).toMatchObject({ epoch, watermarkMs: 5 });
      // Room for the fence may have cost more entries; what is left goes.
      await changes.remove([...listed]);
      expect(await stored()).toEqual([]);
    }, 60_000);
  },
);

const large = entryWith(Buffer.alloc(100_000, 'x'));

describe.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'])('a server under %s', (policy) => {
  it('is refused at start with one line that says what to do', async () => {
    const server = await PrivateRedis.start('--maxmemory-policy', policy);
    try {
      const refused = new RegExp(`^[^\\n]*${policy}[^\\n]*volatile-lru[^\\n]*$`);
      await expect(firstConnection(await server.connect(), 1000)).rejects.toThrow(refused);
      const redis = await server.connect();
      await expect(new RedisEntryStore(redis).lookup(cacheKey('item', 'v1', {}))).rejects.toThrow(StoreUnavailable);
      await expect(new RedisChangeStore(redis, { nonce: randomUUID }).open()).rejects.toThrow(refused);
    } finally {
      await server.stop();
    }
  });
});
