import { loadParser } from '@freshet/footprint';
import { type Reader } from './reader.js';
import { type Query, type Source, type SourceRow, type Statement } from './source.js';
import { type EntryStore } from './store.js';
import { changeOf, keyOf, requestOf, SmallDatabase } from './testing/small-world.js';
import { SmallEngine } from './testing/small-engine.js';
import { Foresight } from './foresight.js';

const ITEM = { xid: 100, table: 'item' };
const PART = { xid: 101, table: 'part' };
const both = requestOf('both', ['item', 'part']);
const reading = (table: string, ids: readonly string[]): Statement => ({
  name: `${table}.some`,
  text: `SELECT seen FROM ${table} WHERE id = ANY($1::int8[])`,
  values: [ids],
});

describe('a view that asks in several steps', () => {
  let engine: SmallEngine;
  let registrations: number;
  let store: EntryStore;
  beforeAll(loadParser);
  beforeEach(async () => {
    engine = await new SmallEngine(new SmallDatabase([ITEM, PART])).start();
    registrations = 0;
    const register = (...args: Parameters<EntryStore['register']>): ReturnType<EntryStore['register']> => {
      registrations += 1;
      return engine.store.register(...args);
    };
    store = Object.create(engine.store, { register: { value: register } }) as EntryStore;
  });

  it('is registered as a whole when it is loaded again, and goes with a change to what it asked last', async () => {
    const reader = engine.reader({}, { store });
    await reader.read(both);
    expect(registrations).toBe(2);
    await engine.change(ITEM, changeOf(ITEM));
    expect((await reader.read(both)).outcome).toBe('miss');
    expect(registrations).toBe(3);
    await engine.change(PART, changeOf(PART));
    const after = await reader.read(both);
    expect([after.outcome, after.body.toString()]).toEqual(['miss', '100,101']);
  });

  it.each([
    ['asks nothing more', undefined, 4],
    ['asks for another row', '2', 4],
  ])('does not depend on what was foreseen when it %s', async (_, then, expected) => {
    let second: string | undefined = '1';
    const load = async (query: Query): ReturnType<typeof both.load> => {
      await query(reading('item', ['1']));
      if (second !== undefined) await query(reading('part', [second]));
      return { body: Buffer.from('some'), status: 200, meta: {} };
    };
    const reader = engine.reader({}, { store });
    await reader.read({ ...both, load });
    await engine.change(ITEM, changeOf(ITEM));
    second = then;
    expect((await reader.read({ ...both, load })).outcome).toBe('miss');
    expect(registrations).toBe(expected);
    // Changes row 1 of part.
    await engine.change(PART, changeOf(PART));
    expect((await reader.read({ ...both, load })).outcome).toBe('hit');
  });
});

describe('a view that asked the same twice', () => {
  let engine: SmallEngine;
  let told: string[];
  let source: Source;
  let asked: readonly Statement[];
  let failing: string | undefined;
  beforeAll(loadParser);
  beforeEach(async () => {
    engine = await new SmallEngine(new SmallDatabase([])).start();
    [told, asked, failing] = [[], [reading('item', ['1']), reading('part', ['1'])], undefined];
    const query: Query = async ({ name, values }) => {
      told.push(`${name} ${values.join()} sent`);
      await Promise.resolve();
      if (name === failing) throw new Error('no rows for you');
      told.push(`${name} answered`);
      return [{ of: name, ids: values.join() }];
    };
    source = { open: async () => ({ snapshot: '100:100:', query, close: async () => undefined }) };
  });

  const load = async (query: Query): ReturnType<typeof both.load> => {
    const rows: (readonly SourceRow[])[] = [];
    for (const statement of asked) rows.push(await query(statement));
    return { body: Buffer.from(JSON.stringify(rows)), status: 200, meta: {} };
  };
  const loaded = async (reader: Reader): Promise<string> => {
    await engine.store.remove([both.key]);
    told = [];
    const { outcome, body } = await reader.read({ ...both, load });
    expect(outcome).toBe('miss');
    return body.toString();
  };

  it('sends all of it at once from then on', async () => {
    const reader = engine.reader({}, { source });
    const first = await loaded(reader);
    await loaded(reader);
    expect(told.indexOf('part.some 1 sent')).toBeGreaterThan(told.indexOf('item.some answered'));
    expect(await loaded(reader)).toBe(first);
    expect(told).toEqual(['item.some 1 sent', 'part.some 1 sent', 'item.some answered', 'part.some answered']);
  });

  it('gets the rows of what it asks, not of what was foreseen, and is not sure again before two loads agree', async () => {
    const reader = engine.reader({}, { source });
    for (let i = 0; i < 3; i++) await loaded(reader);
    asked = [reading('item', ['1']), reading('part', ['2'])];
    expect(await loaded(reader)).toContain('{"of":"part.some","ids":"2"}');
    expect(told).toContain('part.some 1 sent');
    await loaded(reader);
    expect(told.indexOf('part.some 2 sent')).toBeGreaterThan(told.indexOf('item.some answered'));
  });

  it('does not fail by what was sent ahead and nobody asked', async () => {
    // As in a transaction: once something has failed, all that is sent after it fails as well.
    let broken = false;
    const inTransaction: Source = {
      open: async () => {
        const session = await source.open();
        const query: Query = async (statement) => {
          if (statement.name === failing) broken = true;
          if (broken) throw new Error('no rows for you');
          return session.query(statement);
        };
        broken = false;
        return { ...session, query };
      },
    };
    const reader = engine.reader({}, { source: inTransaction });
    for (let i = 0; i < 3; i++) await loaded(reader);
    [failing, asked] = ['part.some', [reading('item', ['1']), reading('item', ['2'])]];
    expect(await loaded(reader)).toContain('"ids":"2"');
    expect((await reader.read({ ...both, load })).outcome).toBe('hit');
  });

  it('is not sent ahead any more what a load failed with', async () => {
    const reader = engine.reader({}, { source });
    for (let i = 0; i < 3; i++) await loaded(reader);
    failing = 'part.some';
    await expect(loaded(reader)).rejects.toThrow('no rows for you');
    [failing, asked] = ['part.some', [reading('item', ['1'])]];
    await loaded(reader);
    expect(told).toEqual(['item.some 1 sent', 'item.some answered']);
  });
});

it('remembers no more keys than it may, the newest ones, and nothing large', () => {
  const foresight = new Foresight();
  const few = [reading('item', ['1'])];
  for (let i = 0; i <= 2000; i++) foresight.remember(keyOf(`v${i}`), few, 2);
  foresight.remember(keyOf('large'), [reading('item', Array.from({ length: 3000 }, String))], 2);
  foresight.remember(keyOf('v5'), few, 1);
  expect(['v0', 'v1', 'v5', 'large', 'v2000'].map((name) => foresight.of(keyOf(name)).statements.length)).toEqual([
    0, 1, 0, 0, 1,
  ]);
});
