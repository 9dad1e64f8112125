import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { type EntryStore, Invalidator } from '@freshet/cache-engine';
import { catalog, changeOf, facts, requestOf, SmallDatabase, SmallEngine } from '@freshet/cache-engine/testing';
import { loadParser } from '@freshet/footprint';
import {
  changeStoreOn,
  connectForNews,
  connectRedis,
  entryStoreOn,
  firstConnection,
  followNews,
  NearCache,
  type ScriptedRedis,
} from './index.js';
import { PrivateSentinels } from './testing/private-sentinels.js';

const hundred = { xid: 100, table: 'item' };
const item = requestOf('item', ['item']);
const everyday = { maxStalenessMs: Infinity, leaseMs: 60_000 };

describe('R12: a master behind Sentinels that dies with what its replica has not heard', () => {
  let all: PrivateSentinels;
  let redis: ScriptedRedis;
  let listener: ReturnType<typeof connectForNews>;
  let near: NearCache;
  let engine: SmallEngine;
  let invalidator: Invalidator;
  const told = new EventEmitter();

  beforeAll(async () => {
    await loadParser();
    all = await PrivateSentinels.start();
    redis = connectRedis(all.access);
    await firstConnection(redis, 5000);
    near = new NearCache(entryStoreOn(redis), { maxBytes: 10_000, nowMs: () => 0, wallMs: () => 0 });
    listener = connectForNews(all.access);
    const connected = once(told, 'connected');
    followNews(listener, {
      connected: () => (near.connected(), void told.emit('connected')),
      broke: () => near.broke(),
      hear: (news) => (near.hear(news), void told.emit(news.kind)),
    });
    await connected;
    engine = new SmallEngine(new SmallDatabase([hundred]));
    invalidator = new Invalidator(
      changeStoreOn(redis, { nonce: randomUUID }),
      (event) => void engine.events.push(event),
    );
  }, 60_000);
  afterAll(async () => {
    listener.disconnect();
    redis.disconnect();
    await all.stop();
  });

  /** As the service of the invalidator does: near caches have heard of it when this resolves. */
  const apply = async (changes: Parameters<SmallEngine['apply']>[0]): Promise<void> => {
    const heard = once(told, 'watermark');
    await engine.apply(changes, { by: invalidator });
    await heard;
  };
  /** As the schema watch of a reader does. */
  const learn = async (): Promise<void> => {
    const { schemaVersion } = await near.position();
    expect(await near.putFacts(schemaVersion, facts)).toBe(true);
    engine.statements.load(catalog, schemaVersion);
  };
  const reasons = (): string[] => engine.events.flatMap((event) => (event.kind === 'epoch-raised' ? event.reason : []));
  const read = async (store: EntryStore = near): Promise<string> => {
    const { outcome, detail, body } = await engine.reader(everyday, { store }).read(item);
    return `${outcome} ${detail ?? ''} ${body.toString()}`;
  };

  it('leaves nobody with what was deleted', async () => {
    for (let i = 0; i < 3; i += 1) await apply([]);
    await learn();
    expect(await read()).toBe('miss  ');
    expect(await read()).toBe('hit  ');
    const direct = await all.master.connect();
    expect(await direct.wait(1, 5000)).toBe(1);

    // The replica is not let in any more, and hears nothing of what the master acknowledges from now on.
    expect(reasons()).toEqual([]);
    await direct.config('SET', 'requirepass', 'another');
    await direct.call('CLIENT', 'KILL', 'TYPE', 'replica');
    await engine.database.commit(hundred, async (_, work) => work());
    await apply([changeOf(hundred)]);
    expect(await read()).toBe('miss  100');
    expect(await read()).toBe('hit  100');
    const ready = new Promise((resolve) => redis.once('ready', resolve));
    const connected = once(told, 'connected');
    await all.master.kill();
    await all.switched();
    await Promise.all([ready, connected]);

    const before = await near.lookup(item.key);
    expect(before.entry?.body.toString()).toBe('');
    expect(before.epoch).toBeUndefined();
    expect(await read()).toBe('bypass stale-log 100');
    for (let i = 0; i < 4; i += 1) await apply([]);
    expect(reasons()[0]).toBe('the store lost its state or went back in time');
    const after = await near.lookup(item.key);
    expect(after.entry?.epoch).toBeLessThan(after.epoch ?? 0);
    await learn();
    expect(await read()).toBe('miss  100');
    expect(await read()).toBe('hit  100');
  }, 120_000);
});
