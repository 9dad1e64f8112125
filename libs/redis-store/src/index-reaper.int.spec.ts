import { randomUUID } from 'node:crypto';
import { type LeaseId, type Member } from '@freshet/cache-engine';
import { cacheKey, tag } from '@freshet/cache-keys';
import { IndexReaper, RedisChangeStore, RedisEntryStore, type ScriptedRedis } from './index.js';
import { PrivateRedis } from './testing/private-redis.js';
import { registration, scheme } from './testing/registration.js';

const HOUR_S = 3600;
const STEP_S = 900;
/** An entry of 15 minutes, a lease of 20 s, and the slack. */
const LISTED_S = 900 + 20 + 60;
const ENTRIES_A_STEP = 50;
const byId = { table: scheme.table, parts: [{ column: 'id', keying: { kind: 'value' as const } }] };
const everyRow = tag(scheme, []);
const tagOf = (id: string): ReturnType<typeof tag> => tag(byId, [id]);

describe('the reaper of the index', () => {
  let server: PrivateRedis;
  let redis: ScriptedRedis;
  let entries: RedisEntryStore;
  let changes: RedisChangeStore;
  let startS: number;
  /** Of the simulated clock, since the start. */
  let passedS: number;
  let reaper: IndexReaper;

  beforeEach(async () => {
    server = await PrivateRedis.start();
    redis = await server.connect();
    entries = new RedisEntryStore(redis);
    changes = new RedisChangeStore(redis, { nonce: randomUUID });
    await changes.open();
    startS = Number((await redis.time())[0]);
    passedS = 0;
    reaper = new IndexReaper(redis, async () => startS + passedS);
  });
  afterEach(() => server.stop());

  /** As at the simulated moment: a listing is dated from it. */
  const register = (id: string): ReturnType<RedisEntryStore['register']> =>
    entries.register(
      registration({
        key: cacheKey('item', 'v1', { id }),
        lease: id as LeaseId,
        leaseMs: 1,
        tags: [everyRow, tagOf(id)],
        schemes: [scheme, byId],
        memberSeconds: passedS + LISTED_S,
      }),
    );
  const reapRound = async (): Promise<number> => {
    let dropped = 0;
    for (;;) {
      const step = await reaper.step();
      dropped += step.dropped;
      if (step.round) return dropped;
    }
  };
  const sets = async (): Promise<number> => (await redis.keys('t:*')).length;
  const bytes = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);

  it('keeps the index from growing over a day in which every entry is a new one', async () => {
    let early = 0;
    for (passedS = 0; passedS < 24 * HOUR_S; passedS += STEP_S) {
      const ids = Array.from({ length: ENTRIES_A_STEP }, (_, i) => `${passedS + i}`);
      await Promise.all(ids.map(register));
      await reapRound();
      // Those of this step and of the one before: their time is not over.
      expect(await sets()).toBeLessThanOrEqual(2 * ENTRIES_A_STEP + 1);
      expect(await redis.zcard(everyRow)).toBeLessThanOrEqual(2 * ENTRIES_A_STEP);
      if (passedS === HOUR_S) early = await bytes();
    }
    expect(await bytes()).toBeLessThan(1.2 * early);
    passedS += LISTED_S;
    await reapRound();
    expect(await sets()).toBe(0);
    expect((await changes.schemes()).known).toHaveLength(2);
  }, 120_000);

  it('drops no listing whose time is not over, and none that was renewed', async () => {
    await Promise.all(['1', '2'].map(register));
    passedS = LISTED_S - 1;
    await entries.release(cacheKey('item', 'v1', { id: '2' }), '2' as LeaseId);
    await register('2');
    expect(await reapRound()).toBe(0);
    passedS = LISTED_S + 5;
    // Twice each: under its own tag and under that of every row.
    expect(await reapRound()).toBe(2);
    const left: Member[] = [];
    for await (const page of changes.members([everyRow])) left.push(...(page.get(everyRow) ?? []));
    expect(left.map(({ key }) => key)).toEqual([cacheKey('item', 'v1', { id: '2' })]);
  });

  it('empties a set of thousands in commands of some dozens', async () => {
    const ids = Array.from({ length: 3000 }, (_, i) => String(i));
    await Promise.all(ids.map((id) => redis.zadd(everyRow, startS * 2 ** 20 + Number(id), id)));
    passedS = 1;
    expect(await reapRound()).toBe(3000);
    expect(await redis.exists(everyRow)).toBe(0);
  });
});
