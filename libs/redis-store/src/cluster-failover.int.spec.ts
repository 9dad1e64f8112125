import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { Invalidator, type LeaseId, type News } from '@freshet/cache-engine';
import { cacheKey, controlKeys, tag } from '@freshet/cache-keys';
import calculateSlot from 'cluster-key-slot';
import { changeStoreOn, checkRedis, connectForNews, entryStoreOn, firstConnection, followNews } from './index.js';
import { type ScriptedRedis } from './index.js';
import { PrivateCluster } from './testing/private-cluster.js';
import { entryWith, registration, scheme } from './testing/registration.js';

const key = cacheKey('item', 'v1', {});
const entry = entryWith(Buffer.from('old'));

describe('R12: a master of a cluster whose place a replica takes', () => {
  let cluster: PrivateCluster;
  let servers: ScriptedRedis[];
  beforeAll(async () => {
    cluster = await PrivateCluster.start(1, '--repl-diskless-sync-delay', '0');
    servers = await cluster.direct();
  }, 60_000);
  afterAll(() => cluster.stop());

  /** Asks until there is an answer, or the test was given up: what has failed must not go on asking. */
  let over = false;
  beforeEach(() => void (over = false));
  afterEach(() => void (over = true));
  const until = async <T>(ask: () => Promise<T | undefined>): Promise<T> => {
    while (!over) {
      const answer = await ask();
      if (answer !== undefined) return answer;
    }
    throw new Error('it never came');
  };

  /** The master of a key, and its replica as soon as it has all of it. */
  const shardOf = (of: string): Promise<{ master: ScriptedRedis; replica: ScriptedRedis }> =>
    until(async () => {
      const slot = calculateSlot(of);
      const ranges = (await servers[0]?.cluster('SLOTS')) ?? [];
      const [, , ...owners] = ranges.find(([first, last]) => slot >= first && slot <= last) ?? [];
      const [master, replica] = owners.map(([, port]) => servers.find(({ options }) => options.port === port));
      if (master === undefined || replica === undefined) return undefined;
      return (await master.wait(1, 500).catch(() => 0)) === 1 ? { master, replica } : undefined;
    });

  /** The slots of a cluster of three are given out in thirds. */
  const inShardOf =
    (one: string) =>
    (other: string): boolean =>
      Math.floor(calculateSlot(one) / 5462) === Math.floor(calculateSlot(other) / 5462) && one !== other;

  it('is not read from, though it brings back what was deleted, until an invalidator has opened the store anew', async () => {
    const redis = await cluster.connect();
    await firstConnection(redis, 1000);
    const entries = entryStoreOn(redis);
    const changes = changeStoreOn(redis, { nonce: randomUUID });
    const invalidator = new Invalidator(changes, () => undefined);
    let offset = 0n;
    const apply = (): Promise<unknown> =>
      invalidator.apply({ changes: [], position: { topic: 'changes', partition: 0, offset: (offset += 1n) } });
    await apply();
    await apply();
    const { epoch = 0 } = await entries.lookup(key);
    const registered = await entries.register(registration({ epoch, tags: [tag(scheme, [])] }));
    const position = registered.kind === 'registered' ? registered.position : -1;
    const { master, replica } = await shardOf(key);
    expect(await entries.fill({ key, lease: 'a' as LeaseId, entry: { ...entry, epoch }, position })).toBe('stored');
    expect(await master.wait(1, 2000)).toBe(1);
    // The replica is not let in any more, hears nothing of the delete, and is put in its master's place by force.
    await master.config('SET', 'requirepass', 'another');
    await master.call('CLIENT', 'KILL', 'TYPE', 'replica');
    expect(await changes.remove([key])).toBe(1);
    await replica.call('CLUSTER', 'FAILOVER', 'TAKEOVER');

    // Only the replica still has it.
    const before = await until(async () => {
      const found = await entries.lookup(key).catch(() => undefined);
      return found?.entry === undefined ? undefined : found;
    });
    expect(before.entry?.body.toString()).toBe('old');
    expect(before.epoch).toBeUndefined();
    const beside = Array.from({ length: 100 }, (_, id) => cacheKey('item', 'v1', { id })).find(inShardOf(key));
    const there = entries.register(registration({ key: beside ?? key, lease: 'b' as LeaseId, epoch }));
    await expect(there.catch((error: Error) => Promise.reject(error.cause as Error))).rejects.toThrow(/not opened on/);
    await apply();
    const after = await entries.lookup(key);
    expect(after.epoch).toBeGreaterThan(epoch);
    expect(after.entry?.epoch).toBe(epoch);
    await master.config('SET', 'requirepass', '');
  }, 60_000);

  it('refuses a cluster of which one master may evict anything', async () => {
    const { master } = await shardOf('any');
    await master.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      const redis = await cluster.connect();
      await expect(firstConnection(redis, 1000)).rejects.toThrow(/allkeys-lru/);
      await expect(checkRedis(master)).rejects.toThrow(/allkeys-lru/);
      const again = await cluster.connect();
      await expect(changeStoreOn(again, { nonce: randomUUID }).open()).rejects.toThrow(/allkeys-lru/);
    } finally {
      await master.config('SET', 'maxmemory-policy', 'noeviction');
    }
  }, 60_000);

  it('is heard at the master of the control keys, wherever they go', async () => {
    const told = new EventEmitter();
    const heard: News[] = [];
    const listener = connectForNews(cluster.access);
    const connected = once(told, 'connected');
    followNews(listener, {
      connected: () => void told.emit('connected'),
      broke: () => void told.emit('broke'),
      hear: (news) => {
        heard.push(news);
        told.emit(news.kind);
      },
    });
    try {
      await connected;
      const redis = await cluster.connect();
      const changes = changeStoreOn(redis, { nonce: randomUUID });
      await changes.open();
      const keys = Array.from({ length: 20 }, (_, id) => cacheKey('item', 'v1', { id }));
      const done = once(told, 'epoch');
      await changes.remove(keys);
      await changes.raiseEpoch('test');
      await done;
      expect(heard.filter(({ kind }) => kind === 'delete')).toEqual([{ kind: 'delete', keys }]);
      expect(heard.at(-1)?.kind).toBe('epoch');

      const { replica } = await shardOf(controlKeys.news);
      const [broke, again] = [once(told, 'broke'), once(told, 'connected')];
      await replica.call('CLUSTER', 'FAILOVER');
      // Its listeners stay with the old master, which passes on what the new one tells it: an epoch among other things.
      await until(async () => ((await replica.role())[0] === 'master' ? true : undefined));
      await until(() => changes.raiseEpoch('test').catch(() => undefined));
      await Promise.all([broke, again]);
      // An epoch whose raise was tried twice sends them there twice.
      while ((await replica.pubsub('SHARDNUMSUB' as 'NUMSUB', controlKeys.news))[1] !== 1);
    } finally {
      listener.disconnect();
    }
  }, 60_000);
});
