import { loadParser } from '@freshet/footprint';
import { StoreUnavailable } from './errors.js';
import { type Query, type Statement } from './source.js';
import { type EntryStore } from './store.js';
import { changeOf, requestOf, SmallDatabase } from './testing/small-world.js';
import { SmallEngine } from './testing/small-engine.js';

const item = requestOf('item', ['item']);
const hundred = { xid: 100, table: 'item' };

describe('a reader', () => {
  let engine: SmallEngine;
  beforeAll(loadParser);
  beforeEach(async () => {
    engine = await new SmallEngine(new SmallDatabase([hundred])).start();
  });

  it('loads once, and answers from the store until a change', async () => {
    const reader = engine.reader();
    expect((await reader.read(item)).outcome).toBe('miss');
    expect((await reader.read(item)).outcome).toBe('hit');
    await engine.change(hundred, changeOf(hundred));
    const after = await reader.read(item);
    expect([after.outcome, after.body.toString()]).toEqual(['miss', '100']);
  });

  it('gives its lease up when the load fails, so that the next caller need not wait for it', async () => {
    const reader = engine.reader();
    const failing = {
      ...item,
      load: async (query: Query): Promise<never> => {
        await item.load(query);
        throw new Error('a view that cannot render');
      },
    };
    await expect(reader.read(failing)).rejects.toThrow('cannot render');
    expect((await reader.read(item)).outcome).toBe('miss');
  });

  it('takes over from another process whose load came to nothing: one waits no longer, loads under a lease of its own, and stores', async () => {
    let fail = (): void => undefined;
    const load = async (query: Query): Promise<never> => {
      await item.load(query);
      return new Promise<never>((_, reject) => (fail = () => reject(new Error('a view that cannot render'))));
    };
    const first = engine.reader().read({ ...item, load });
    await new Promise(setImmediate);
    const pauses: number[] = [];
    const second = engine.reader({}, {}, async (ms) => {
      if (pauses.push(ms) === 2) fail();
      await new Promise(setImmediate);
    });
    const both = Promise.all([second.read(item), second.read(item)]);
    await expect(first).rejects.toThrow('cannot render');
    expect((await both).map(({ outcome }) => outcome)).toEqual(['miss', 'shared']);
    expect(pauses).toHaveLength(2);
  });

  it('waits for another process as long as it is told to, then reads the database and stores nothing', async () => {
    const held = new Promise<never>(() => undefined);
    const load = async (query: Query): Promise<never> => (await item.load(query), held);
    void engine.reader().read({ ...item, load });
    await new Promise(setImmediate);
    const { outcome, stored } = await engine.reader({ waitMs: 50 }).read(item);
    expect([outcome, stored, engine.nowMs >= 50 && engine.nowMs < 100]).toEqual(['shared', false, true]);
  });

  it('gives its lease up when the database cannot be reached', async () => {
    const away = { open: () => Promise.reject(new Error('no connection')) };
    await expect(engine.reader({}, { source: away }).read(item)).rejects.toThrow('no connection');
    expect((await engine.reader().read(item)).outcome).toBe('miss');
  });

  it.each(['item', 'part'])(
    'registers together what a view asks at once: a change to its %s deletes it',
    async (table) => {
      const one: Statement = { name: 'item.get', text: 'SELECT seen FROM item WHERE id = $1', values: ['1'] };
      const two: Statement = { name: 'part.get', text: 'SELECT seen FROM part WHERE id = $1', values: ['1'] };
      const steps: string[] = [];
      const source = { open: () => (steps.push('open'), engine.source.open()) };
      const store: EntryStore = Object.create(engine.store, {
        register: {
          value: (...args: Parameters<EntryStore['register']>) => (
            steps.push('register'),
            engine.store.register(...args)
          ),
        },
      }) as EntryStore;
      const load = async (query: Query): ReturnType<typeof item.load> => {
        await Promise.all([query(one), query(two)]);
        return { body: Buffer.from('both'), status: 200, meta: {} };
      };
      const answer = await engine.reader({}, { source, store }).read({ ...item, load });
      expect([answer.outcome, steps]).toEqual(['miss', ['register', 'open']]);
      await engine.apply([changeOf({ xid: 101, table })]);
      expect(engine.state.slots.size).toBe(0);
    },
  );

  it('reads the database when the store fails in any step', async () => {
    const steps = ['lookup', 'register', 'fill', 'release'] as const;
    for (const step of steps) {
      const store = new Proxy(engine.store, {
        get: (target, name) => {
          if (name === step) return () => Promise.reject(new StoreUnavailable(new Error('cut')));
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      const answer = await engine.reader({}, { store }).read(item);
      expect(answer.body.toString()).toBe('');
      await new Promise(setImmediate);
      const failed = engine.events.flatMap((event) => (event.kind === 'store-failed' ? [event.step] : []));
      expect(failed).toEqual(
        step === 'release' ? ['lookup', 'register', 'fill'] : steps.slice(0, steps.indexOf(step) + 1),
      );
      engine.state.slots.clear();
    }
  });

  it('tells of each load from the database, and of why a statement is not stored', async () => {
    const reader = engine.reader();
    await reader.read(item);
    await reader.read(item);
    await reader.read({ ...item, fresh: true });
    const load = async (query: Query): ReturnType<typeof item.load> => {
      await query({ name: 'item.now', text: 'SELECT now() FROM item WHERE id = $1', values: ['1'] });
      return { body: Buffer.from('now'), status: 200, meta: {} };
    };
    await reader.read({ ...requestOf('now', ['item']), load });
    expect(engine.events.filter(({ kind }) => kind === 'load')).toEqual([
      { kind: 'load', view: 'item', ms: 0 },
      { kind: 'load', view: 'item', ms: 0 },
      { kind: 'load', view: 'now', ms: 0 },
    ]);
    const refused = engine.events.find(({ kind }) => kind === 'refused-statement');
    expect(refused).toMatchObject({ statement: 'item.now', reasons: [expect.stringContaining('now')] });
  });

  describe('while the store is away', () => {
    const away = { lookup: () => Promise.reject(new StoreUnavailable(new Error('cut'))) } as unknown as EntryStore;
    /** Counts sessions, and holds each until it is let go. */
    const held = (): { source: typeof engine.source; opened: () => number; letGo: () => void } => {
      const waiting: (() => void)[] = [];
      let opened = 0;
      const source = {
        open: async () => {
          opened += 1;
          const session = await engine.source.open();
          await new Promise<void>((resolve) => waiting.push(resolve));
          return session;
        },
      };
      return { source, opened: () => opened, letGo: () => waiting.splice(0).forEach((resolve) => resolve()) };
    };
    const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

    it('sends one load for a thousand readers of one key, and one more for a thousand who come while it runs', async () => {
      const { source, opened, letGo } = held();
      const reader = engine.reader({}, { store: away, source });
      const thousand = (): Promise<unknown>[] => Array.from({ length: 1000 }, () => reader.read(item));
      const first = thousand();
      await turn();
      const second = thousand();
      await turn();
      expect(opened()).toBe(1);
      letGo();
      await Promise.all(first);
      await turn();
      letGo();
      await Promise.all(second);
      expect(opened()).toBe(2);
    });

    it('answers nobody with rows that were read before a change that was applied when he came', async () => {
      const { source, letGo } = held();
      const reader = engine.reader({}, { store: away, source });
      const early = reader.read(item);
      await turn();
      await engine.change(hundred, changeOf(hundred));
      const late = reader.read(item);
      await turn();
      letGo();
      await turn();
      letGo();
      expect([(await early).body.toString(), (await late).body.toString()]).toEqual(['', '100']);
    });

    it('lets nobody pay for a load that failed before it could have been his', async () => {
      const { source, letGo } = held();
      const reader = engine.reader({}, { store: away, source });
      const failing = reader.read({ ...item, load: () => Promise.reject(new Error('a view that cannot render')) });
      await turn();
      const next = reader.read(item);
      letGo();
      await expect(failing).rejects.toThrow('cannot render');
      await turn();
      letGo();
      expect((await next).detail).toBe('redis-down');
    });
  });
});
