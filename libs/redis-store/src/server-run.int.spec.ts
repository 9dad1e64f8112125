import { randomUUID } from 'node:crypto';
import { Invalidator, type LeaseId } from '@freshet/cache-engine';
import { cacheKey } from '@freshet/cache-keys';
import { RedisChangeStore, RedisEntryStore } from './index.js';
import { PrivateRedis } from './testing/private-redis.js';
import { entryWith, registration } from './testing/registration.js';

const key = cacheKey('item', 'v1', {});
const entry = entryWith(Buffer.from('old'));

describe('R12: a server that comes back with an older state', () => {
  let server: PrivateRedis;
  beforeAll(async () => {
    server = await PrivateRedis.start();
  });
  afterAll(() => server.stop());

  it('is not read from, though it brings back what was deleted, until an invalidator has opened it under a new epoch', async () => {
    const redis = await server.connect();
    const entries = new RedisEntryStore(redis);
    const changes = new RedisChangeStore(redis, { nonce: randomUUID });
    const invalidator = new Invalidator(changes, () => undefined);
    let offset = 0n;
    const apply = (): Promise<unknown> =>
      invalidator.apply({ changes: [], position: { topic: 'changes', partition: 0, offset: (offset += 1n) } });

    await apply();
    await apply();
    const { epoch = 0 } = await entries.lookup(key);
    const { position } = await entries.position();
    expect((await entries.register(registration({ epoch }))).kind).toBe('registered');
    expect(await entries.fill({ key, lease: 'a' as LeaseId, entry: { ...entry, epoch }, position })).toBe('stored');
    await redis.save();
    await changes.remove([key]);

    const ready = new Promise((resolve) => redis.once('ready', resolve));
    await server.restart();
    await ready;
    const before = await entries.lookup(key);
    expect(before.entry?.body.toString()).toBe('old');
    expect(before.epoch).toBeUndefined();
    await apply();
    const after = await entries.lookup(key);
    expect(after.epoch).toBeGreaterThan(epoch);
    expect(after.entry?.epoch).toBe(epoch);
    expect(after.schemaVersion).toBeGreaterThan(before.schemaVersion);
  });
});
