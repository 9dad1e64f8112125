import { randomUUID } from 'node:crypto';
import { cacheKey, type CacheKey, tag, type Tag } from '@freshet/cache-keys';
import { RedisChangeStore, type ScriptedRedis } from './index.js';
import { PrivateRedis } from './testing/private-redis.js';
import { scheme } from './testing/registration.js';

const byId = { table: scheme.table, parts: [{ column: 'id', keying: { kind: 'value' as const } }] };
const tagOf = (id: number): Tag => tag(byId, [String(id)]);
const keyOf = (id: number, i: number): CacheKey => cacheKey('test', 'v', { id, i });
/** How many entries each tag lists: one page and none, more than one, exactly one, a few. */
const SIZES = [90, 0, 1201, 96, 300, 3];
const MANY_TAGS = 600;

describe('members of tag sets', () => {
  let server: PrivateRedis;
  let redis: ScriptedRedis;
  let changes: RedisChangeStore;

  beforeAll(async () => {
    server = await PrivateRedis.start();
    redis = await server.connect();
    changes = new RedisChangeStore(redis, { nonce: randomUUID });
  });
  beforeEach(async () => {
    await redis.flushall();
    for (const [id, size] of SIZES.entries()) {
      const listings = Array.from({ length: size }, (_, i) => [i + 1, keyOf(id, i)]).flat();
      if (listings.length > 0) await redis.zadd(tagOf(id), ...listings);
    }
  });
  afterAll(() => server.stop());

  async function listed(tags: readonly Tag[]): Promise<Map<Tag, Set<CacheKey>>> {
    const all = new Map<Tag, Set<CacheKey>>();
    for await (const page of changes.members(tags)) {
      for (const [name, members] of page) {
        const known = all.get(name) ?? new Set();
        members.forEach(({ key }) => known.add(key));
        all.set(name, known);
      }
    }
    return all;
  }

  const expected = new Map(
    SIZES.map((size, id) => [tagOf(id), new Set(Array.from({ length: size }, (_, i) => keyOf(id, i)))] as const).filter(
      ([, keys]) => keys.size > 0,
    ),
  );

  test('are all told, however many sets are asked for together and however long they are', async () => {
    expect(await listed(SIZES.map((_, id) => tagOf(id)))).toEqual(expected);
    const among = Array.from({ length: MANY_TAGS }, (_, id) => tagOf(id)).reverse();
    expect(await listed(among)).toEqual(expected);
  });

  test('are all told where two have one score, on whichever side of the end of a page', async () => {
    for (const shift of [0, 1]) {
      const name = tagOf(MANY_TAGS + shift);
      const keys = Array.from({ length: 100 }, (_, i) => keyOf(MANY_TAGS + shift, i));
      await redis.zadd(name, ...keys.flatMap((key, i) => [1 + Math.floor((i + shift) / 2), key]));
      expect(await listed([name])).toEqual(new Map([[name, new Set(keys)]]));
      expect(await listed([tagOf(0), name, tagOf(5)])).toEqual(
        new Map(
          [...expected, [name, new Set(keys)] as const].filter(([one]) => [tagOf(0), name, tagOf(5)].includes(one)),
        ),
      );
    }
  });

  test('are all told while those of each page are taken away', async () => {
    const removed = new Set<CacheKey>();
    for await (const page of changes.members(SIZES.map((_, id) => tagOf(id)))) {
      const keys = [...page.values()].flat().map(({ key }) => key);
      keys.forEach((key) => removed.add(key));
      await changes.remove(keys);
      await changes.drop(page);
    }
    expect(removed.size).toBe(SIZES.reduce((sum, size) => sum + size));
    expect(await redis.dbsize()).toBe(0);
  });

  test('are dropped under the score that was seen, and not under another', async () => {
    const [first, second] = [keyOf(5, 0), keyOf(5, 1)];
    await redis.zadd(tagOf(5), 77, second);
    await changes.drop(
      new Map([
        [tagOf(4), [{ key: keyOf(4, 0), score: 1 }]],
        [tagOf(5), [first, second].map((key, i) => ({ key, score: i + 1 }))],
      ]),
    );
    expect(await redis.zrange(tagOf(5), '0', '-1')).toEqual([keyOf(5, 2), second]);
    expect(await redis.zcard(tagOf(4))).toBe(299);
  });
});
