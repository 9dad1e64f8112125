import { randomUUID } from 'node:crypto';
import { RedisChangeStore, RedisEntryStore, type ScriptedRedis } from './index.js';
import { PrivateRedis } from './testing/private-redis.js';

// Filling a fence takes seconds on a busy machine.
jest.setTimeout(60_000);

const stream = { topic: 'changes', partition: 0 };
const LAST = 2 ** 32 - 1;

describe('R20: a fence that is full', () => {
  let server: PrivateRedis;
  let redis: ScriptedRedis;
  let changes: RedisChangeStore;
  let entries: RedisEntryStore;
  beforeEach(async () => {
    server = await PrivateRedis.start();
    redis = await server.connect();
    changes = new RedisChangeStore(redis, { nonce: randomUUID });
    entries = new RedisEntryStore(redis);
    await changes.open();
  });
  afterEach(() => server.stop());

  const judge = async (snapshot: string): Promise<string> =>
    entries.judge(snapshot, (await entries.position()).position);
  const fence = async (first: number, count: number): Promise<void> => {
    for (let from = 0; from < count; from += 5000) {
      const some = Math.min(5000, count - from);
      await changes.fence(
        Array.from({ length: some }, (_, i) => (first + from + i) % 2 ** 32),
        stream,
      );
    }
  };

  it('drops the oldest transactions first, also where the numbers have come round', async () => {
    await fence(LAST - 65_535, 65_536);
    await fence(0, 10);
    expect(await redis.zcard('{freshet}fence')).toBe(65_536);
    expect(await redis.zcount('{freshet}fence', 0, 9)).toBe(10);
    expect(await redis.hget('{freshet}control', 'floor')).toBe(String(LAST - 65_526));
    const newest = 2n ** 32n + 10n;
    expect(await judge(`${newest}:${newest}:`)).toBe('stored');
    const slow = 2n ** 32n - 65_530n;
    expect(await judge(`${slow}:${newest}:${slow}`)).toBe('floor');
  });

  it('keeps its floor when an old transaction commits late', async () => {
    await fence(1000, 65_536);
    await fence(70_000, 10);
    await fence(500, 1);
    expect(await redis.hget('{freshet}control', 'floor')).toBe('1009');
    // 1005 is applied, forgotten, and in progress for this snapshot.
    expect(await judge('600:80000:600,1005')).toBe('floor');
  });

  it('refuses a snapshot that is thousands of transactions behind without looking at each', async () => {
    await changes.fence([], stream);
    const { position } = await entries.position();
    await fence(1000, 5000);
    // None of them is at or below the position, so only their number speaks against it.
    expect(await entries.judge('1000:1000:', position)).toBe('unseen');
    expect(await entries.judge('5000:5000:', position)).toBe('stored');
  });

  it('forgets what every later snapshot sees, and says so by its floor', async () => {
    await fence(1000, 5000);
    expect(await judge('9000:9000:')).toBe('stored');
    expect(await redis.zcard('{freshet}fence')).toBe(5000 - 1024);
    expect(await judge('2000:9000:2000')).toBe('floor');
  });
});

it('says of which tables a scheme cannot be read', async () => {
  const server = await PrivateRedis.start();
  try {
    const redis = await server.connect();
    await redis.sadd('{freshet}schemes', 'item:id', 'part:id!new');
    await redis.sadd('{freshet}schemes', 'part:id/x');
    const { known, unreadable } = await new RedisChangeStore(redis, { nonce: randomUUID }).schemes();
    expect(known.map(({ table }) => table)).toContain('item');
    expect(unreadable).toContain('part');
  } finally {
    await server.stop();
  }
});
