import { loadParser } from '@freshet/footprint';
import { type EntryStore } from '@freshet/cache-engine';
import { changeOf, requestOf, SmallDatabase, SmallEngine } from '@freshet/cache-engine/testing';
import { NearCache } from './near-cache.js';

const item = requestOf('item', ['item']);
const hundred = { xid: 100, table: 'item' };

describe('a near cache', () => {
  let engine: SmallEngine;
  let near: NearCache;
  let lookups: number;
  let nowMs: number;
  const hearWatermark = (ms: number): void => near.hear({ kind: 'watermark', ms, epoch: engine.state.epoch ?? 0 });
  /** Lookups wait here when it is set. */
  let gate: Promise<void> | undefined;

  beforeAll(loadParser);
  beforeEach(async () => {
    engine = new SmallEngine(new SmallDatabase([hundred]));
    lookups = 0;
    nowMs = 0;
    gate = undefined;
    const store = new Proxy<EntryStore>(engine.store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'lookup') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        return async (...args: Parameters<EntryStore['lookup']>) => {
          lookups += 1;
          const found = await engine.store.lookup(...args);
          await gate;
          return found;
        };
      },
    });
    near = new NearCache(store, { maxBytes: 10_000, nowMs: () => nowMs, wallMs: () => nowMs });
    engine.state.onNews = (news) => near.hear(news);
    near.connected();
    await engine.start();
  });

  const reader = (): ReturnType<SmallEngine['reader']> => engine.reader({}, { store: near });
  const read = async (change: Partial<typeof item> = {}): Promise<string> => {
    const { outcome, body } = await reader().read({ ...item, ...change });
    return `${outcome} ${body.toString()}`;
  };
  /** Reads until a copy is here. */
  const warm = async (): Promise<void> => {
    await read();
    await read();
    lookups = 0;
  };

  it('answers without asking the store', async () => {
    await warm();
    expect(await read()).toBe('hit ');
    expect(lookups).toBe(0);
  });

  it('drops its copy at a change', async () => {
    await warm();
    await engine.change(hundred, changeOf(hundred));
    expect(await read()).toBe('miss 100');
  });

  it('drops its copy when another process has loaded the entry anew: changes are judged by that one from now on', async () => {
    await warm();
    await engine.database.commit(hundred, async (_, work) => work());
    const elsewhere = engine.reader({ earlyRefresh: 1 });
    await elsewhere.read({ ...item, fresh: true });
    await elsewhere.read(item);
    await new Promise(setImmediate);
    await engine.apply([changeOf(hundred)]);
    expect(engine.state.slots.size).toBe(1);
    expect(await read()).toBe('hit 100');
  });

  it('R10: keeps nothing of a lookup that a delete has overtaken', async () => {
    await read();
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const slow = near.lookup(item.key);
    await new Promise(setImmediate);
    await engine.change(hundred, changeOf(hundred));
    open();
    expect((await slow).entry?.body.toString()).toBe('');
    gate = undefined;
    expect(await read()).toBe('miss 100');
  });

  it('R10: keeps nothing of a lookup during which the channel broke', async () => {
    await read();
    let open = (): void => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const slow = near.lookup(item.key);
    await new Promise(setImmediate);
    near.broke();
    near.connected();
    hearWatermark(999);
    open();
    await slow;
    gate = undefined;
    lookups = 0;
    await read();
    expect(lookups).toBe(1);
  });

  it('drops everything when the channel breaks, and keeps nothing while it is away', async () => {
    await warm();
    near.broke();
    await read();
    await read();
    expect(lookups).toBe(2);
  });

  it('answers with no copy while it hears the watermark of another epoch', async () => {
    await warm();
    near.hear({ kind: 'watermark', ms: 1001, epoch: 1 });
    await read();
    await read();
    expect(lookups).toBe(2);
    hearWatermark(1000);
    await read();
    expect(lookups).toBe(2);
  });

  it('drops everything when the epoch is raised', async () => {
    await warm();
    await engine.invalidator.raiseEpoch('test');
    expect(await read()).toBe('miss ');
  });

  it('hears of a change also when the entry was evicted from the store', async () => {
    await warm();
    engine.state.slots.clear();
    await engine.change(hundred, changeOf(hundred));
    expect(await read()).toBe('miss 100');
  });

  it('gives its copy up when another process has loaded the entry anew, so that the verdict on that one is good for both', async () => {
    await warm();
    engine.state.slots.clear();
    await engine.database.commit(hundred, async (_, work) => work());
    // Elsewhere, after the commit and before the log told of it: the invalidator will find an entry that sees the change, and keep it.
    await engine.reader().read(item);
    await engine.apply([changeOf(hundred)]);
    expect(await read()).toBe('hit 100');
  });

  it('measures staleness by the watermark it has heard', async () => {
    await warm();
    engine.databaseMs = 60_000;
    expect((await reader().read(item)).detail).toBe('stale-log');
    expect(lookups).toBe(0);
  });

  it('asks the store for what a caller must see and its copy does not show', async () => {
    await warm();
    await read({ token: 100n });
    expect(lookups).toBe(1);
    await read({ token: 99n });
    expect(lookups).toBe(1);
  });

  it('asks once a second whether caching is still switched on', async () => {
    await warm();
    engine.state.disabled = ['*'];
    nowMs += 1001;
    expect((await reader().read(item)).detail).toBe('disabled');
  });

  it('asks the store when the channel has been silent for longer than it ever is', async () => {
    await warm();
    nowMs += 2501;
    await near.lookup(requestOf('other', ['item']).key);
    lookups = 0;
    await read();
    expect(lookups).toBe(1);
    hearWatermark(nowMs);
    await read();
    expect(lookups).toBe(1);
  });

  it('keeps a copy for no longer than its entry lives', async () => {
    await read({ ttlSeconds: 2 });
    await read({ ttlSeconds: 2 });
    nowMs += 2000;
    hearWatermark(nowMs);
    await near.lookup(requestOf('other', ['item']).key);
    lookups = 0;
    await read();
    expect(lookups).toBe(1);
  });

  it('keeps a copy for no longer than listings outlive entries', async () => {
    await warm();
    for (let i = 0; i < 31; i += 1) {
      nowMs += 999;
      hearWatermark(nowMs);
      await near.lookup(requestOf('other', ['item']).key);
    }
    lookups = 0;
    await read();
    expect(lookups).toBe(1);
  });

  it('is bounded in bytes', async () => {
    const large = (name: string): typeof item => ({
      ...requestOf(name, ['item']),
      load: async (query) => ({ ...(await item.load(query)), body: Buffer.alloc(6000) }),
    });
    for (const name of ['a', 'b', 'a', 'b']) await reader().read(large(name));
    lookups = 0;
    await reader().read(large('b'));
    await reader().read(large('a'));
    expect(lookups).toBe(1);
  });
});
