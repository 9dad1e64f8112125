import { loadParser } from '@freshet/footprint';
import { StoreUnavailable } from './errors.js';
import { type Query, type Statement } from './source.js';
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

  it('gives its lease up when the database cannot be reached', async () => {
    const away = { open: () => Promise.reject(new Error('no connection')) };
    await expect(engine.reader({}, { source: away }).read(item)).rejects.toThrow('no connection');
    expect((await engine.reader().read(item)).outcome).toBe('miss');
  });

  it('registers and sends statements one after the other, also when a view asks for two at once', async () => {
    const one: Statement = { name: 'item.get', text: 'SELECT seen FROM item WHERE id = $1', values: ['1'] };
    const two: Statement = { name: 'part.get', text: 'SELECT seen FROM part WHERE id = $1', values: ['1'] };
    let sessions = 0;
    const source = { open: () => ((sessions += 1), engine.source.open()) };
    const load = async (query: Query): ReturnType<typeof item.load> => {
      await Promise.all([query(one), query(two)]);
      return { body: Buffer.from('both'), status: 200, meta: {} };
    };
    const answer = await engine.reader({}, { source }).read({ ...item, load });
    expect([answer.outcome, sessions]).toEqual(['miss', 1]);
    await engine.apply([changeOf({ xid: 101, table: 'part' })]);
    expect(engine.state.slots.size).toBe(0);
  });

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
      engine.state.slots.clear();
    }
  });
});
