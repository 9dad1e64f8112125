import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { type LeaseId, type News } from '@freshet/cache-engine';
import { cacheKey } from '@freshet/cache-keys';
import { connectRedis, followNews, NearCache, RedisChangeStore, RedisEntryStore } from './index.js';
import { PrivateRedis } from './testing/private-redis.js';
import { entryWith, registration } from './testing/registration.js';

/** Says aloud what it was told. */
class Aloud extends NearCache {
  readonly told = new EventEmitter();

  override connected(): void {
    super.connected();
    this.told.emit('connected');
  }

  override broke(): void {
    super.broke();
    this.told.emit('broke');
  }

  override hear(news: News): void {
    super.hear(news);
    this.told.emit(news.kind);
  }
}

const key = cacheKey('item', 'v1', {});
const entry = entryWith(Buffer.from('body'));
const publish = { watermarkMs: 1000, pulse: undefined, pulseBroken: false, completed: [] };

describe('news of a Redis server', () => {
  let server: PrivateRedis;
  let near: Aloud;
  let changes: RedisChangeStore;
  let offset = 0n;

  const advance = (): Promise<void> =>
    changes.publish({ ...publish, position: { topic: 'changes', partition: 0, offset: (offset += 1n) } });
  /** Stores an entry and brings a copy of it here. */
  const fill = async (): Promise<void> => {
    const { epoch = 0 } = await near.lookup(key);
    const { position } = await near.position();
    expect((await near.register(registration({ epoch }))).kind).toBe('registered');
    const told = once(near.told, 'watermark');
    await advance();
    await told;
    const filled = await near.fill({ key, lease: 'a' as LeaseId, entry: { ...entry, epoch }, position });
    expect(filled).toBe('stored');
    await near.lookup(key);
  };
  const lookupsSoFar = async (): Promise<number> =>
    Number(/cmdstat_hmget:calls=(\d+)/.exec(await (await server.connect()).info('commandstats'))?.[1]);

  beforeEach(async () => {
    server = await PrivateRedis.start('--repl-diskless-sync-delay', '0');
    const redis = await server.connect();
    changes = new RedisChangeStore(redis, { nonce: randomUUID });
    await changes.open();
    near = new Aloud(new RedisEntryStore(redis), { maxBytes: 10_000, nowMs: () => 0, wallMs: () => 0 });
    const connected = once(near.told, 'connected');
    followNews(await server.connect(), near);
    await connected;
  });
  afterEach(() => server.stop());

  it('leaves Redis alone while a copy is good, and drops it at a delete', async () => {
    await fill();
    const before = await lookupsSoFar();
    expect(before).toBeGreaterThan(0);
    for (let i = 0; i < 100; i += 1) expect((await near.lookup(key)).entry).toBeDefined();
    expect(await lookupsSoFar()).toBe(before);
    const told = once(near.told, 'delete');
    await changes.remove([key]);
    await told;
    expect((await near.lookup(key)).entry).toBeUndefined();
  });

  it('keeps the bytes of an entry and not all that came over the wire with them', async () => {
    await fill();
    const { entry } = await near.lookup(key);
    expect(entry?.body.toString()).toBe('body');
    expect(entry?.body.buffer.byteLength).toBe(4);
  });

  it('drops a copy when the entry is loaded anew beside itself, once that is there and not before', async () => {
    await fill();
    const { epoch = 0 } = await near.lookup(key);
    const { position } = await near.position();
    const lease = 'b' as LeaseId;
    const terms = { epoch, lease, beside: true };
    expect((await near.register(registration(terms))).kind).toBe('filled');
    expect((await near.register(registration({ ...terms, leaseMs: 1_000_000 }))).kind).toBe('registered');
    expect((await near.lookup(key)).leased).toBe(false);
    const told = once(near.told, 'delete');
    const anew = { ...entry, epoch, body: Buffer.from('anew') };
    expect(await near.fill({ key, lease, entry: anew, position })).toBe('stored');
    await told;
    expect((await near.lookup(key)).entry?.body.toString()).toBe('anew');
  });

  it('is not disturbed by another database of the same server', async () => {
    await fill();
    const elsewhere = connectRedis({ ...server.access, db: 3 });
    await new Promise((resolve) => elsewhere.once('ready', resolve));
    const others = new RedisChangeStore(elsewhere, { nonce: randomUUID });
    await others.open();
    await others.publish({
      ...publish,
      watermarkMs: 9999,
      position: { topic: 'changes', partition: 0, offset: 1n },
    });
    elsewhere.disconnect();
    const told = once(near.told, 'watermark');
    await advance();
    await told;
    expect(await near.lookup(key)).toMatchObject({ watermarkMs: 1000, entry: expect.anything() as unknown });
  });

  it('answers with no copy from a server that another took the place of, while that one tells the news', async () => {
    const redis = await server.connect();
    const other = await PrivateRedis.start('--replicaof', '127.0.0.1', String(server.port));
    const successor = await other.connect();
    try {
      await fill();
      expect(await redis.wait(1, 2500)).toBe(1);
      await successor.replicaof('NO', 'ONE');
      const divided = new Aloud(new RedisEntryStore(redis), { maxBytes: 10_000, nowMs: () => 0, wallMs: () => 0 });
      const connected = once(divided.told, 'connected');
      followNews(await other.connect(), divided);
      await connected;
      const elsewhere = new RedisChangeStore(successor, { nonce: randomUUID });
      expect(await elsewhere.open()).toEqual({ opened: true });
      await elsewhere.remove([key]);
      const told = once(divided.told, 'watermark');
      await elsewhere.publish({
        ...publish,
        position: { topic: 'changes', partition: 0, offset: 1000n },
        watermarkMs: 9999,
      });
      await told;
      // What the old one still has is as old as its own watermark.
      for (let i = 0; i < 2; i += 1) {
        expect(await divided.lookup(key)).toMatchObject({ entry: { body: entry.body }, watermarkMs: 1000 });
      }
    } finally {
      await other.stop();
    }
  });

  it('starts from nothing when the connection was cut', async () => {
    await fill();
    const [broke, connected] = [once(near.told, 'broke'), once(near.told, 'connected')];
    await (await server.connect()).call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await broke;
    const direct = await server.connect();
    await direct.unlink(key);
    expect((await near.lookup(key)).entry).toBeUndefined();
    await connected;
    await fill();
    const told = once(near.told, 'delete');
    await changes.remove([key]);
    await told;
    expect((await near.lookup(key)).entry).toBeUndefined();
  });
});
