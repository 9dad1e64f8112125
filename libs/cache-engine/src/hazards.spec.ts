import { cacheKey } from '@freshet/cache-keys';
import { loadParser } from '@freshet/footprint';
import { UNAVAILABLE, type RowChange } from '@freshet/row-change';
import { Invalidator } from './invalidator.js';
import { type Source } from './source.js';
import { type ChangeStore } from './store.js';
import { brokenParts } from './testing/broken-rules.js';
import { MemoryStore } from './testing/memory-store.js';
import { catalog, changeOf, facts, requestOf, SmallDatabase } from './testing/small-world.js';
import { SmallEngine } from './testing/small-engine.js';

const item = requestOf('item', ['item']);
const hundred = { xid: 100, table: 'item' };
const later = { xid: 101, table: 'item' };
const atOnce = async <T>(_: string, work: () => T): Promise<T> => work();

/** A change of row 1 that no snapshot here sees. */
function row(change: Partial<RowChange>): RowChange {
  return { ...changeOf(hundred), ...change };
}

describe('hazards', () => {
  let engine: SmallEngine;
  beforeAll(loadParser);
  beforeEach(async () => {
    engine = await new SmallEngine(new SmallDatabase([hundred, later])).start();
  });

  const read = async (reader = engine.reader()): Promise<string> => {
    const { outcome, body } = await reader.read(item);
    return `${outcome} ${body.toString()}`;
  };
  /** Something happens after the rows were read and before they are stored. */
  const readWhile = async (happens: () => Promise<void>): Promise<string> => {
    const load: typeof item.load = async (query) => {
      const loaded = await item.load(query);
      await happens();
      return loaded;
    };
    const { outcome, body } = await engine.reader().read({ ...item, load });
    return `${outcome} ${body.toString()}`;
  };

  it('R1: rows that were read before a commit are not stored after its delete', async () => {
    expect(await readWhile(() => engine.change(hundred, changeOf(hundred)))).toBe('refused ');
    expect(await read()).toBe('miss 100');
  });

  it('R2: rows that were read after a change was applied and before it was visible are not stored', async () => {
    await engine.apply([changeOf(hundred)]);
    expect(await read()).toBe('refused ');
    await engine.database.commit(hundred, atOnce);
    expect(await read()).toBe('miss 100');
    expect(await read()).toBe('hit 100');
  });

  it('R4: what was read from a standby is answered and not stored', async () => {
    const standby: Source = {
      open: async () => ({ ...(await engine.source.open()), snapshot: undefined }),
    };
    const reader = engine.reader({}, { source: standby });
    expect((await reader.read(item)).stored).toBe(false);
    expect(engine.state.slots.size).toBe(0);
  });

  it('R5: a change that comes again deletes nothing that has seen it', async () => {
    await engine.change(hundred, changeOf(hundred));
    expect(await read()).toBe('miss 100');
    await engine.apply([changeOf(hundred)]);
    expect(await read()).toBe('hit 100');
  });

  it.each(['replayed from an earlier record', 'taken over and taken back'])(
    'R5: a transaction of which more is to come is not taken for applied when the log is %s',
    async (how) => {
      const position = { topic: 'changes', partition: 0, offset: 50n };
      const bulk = changeOf({ xid: 500, table: 'item' });
      await engine.invalidator.apply({ changes: [bulk], position });
      if (how.startsWith('replayed')) await engine.invalidator.rewind({ ...position, offset: 20n });
      else await engine.invalidator.take([position]);
      await engine.invalidator.apply({ changes: [changeOf({ xid: 400, table: 'item' })], position });
      expect((await engine.store.lookup(item.key, 500n)).applied).toBe(false);
    },
  );

  it('R6: a position that was set back while another invalidator was at work is no loss of the store', async () => {
    const position = { topic: 'changes', partition: 0, offset: 50n };
    await engine.invalidator.take([position]);
    await engine.invalidator.apply({ changes: [], position });
    const other = new MemoryStore({}, engine.state);
    await other.take([position]);
    await other.rewind({ ...position, offset: 3n });
    await engine.invalidator.take([position]);
    const { epoch } = engine.state;
    await engine.invalidator.apply({ changes: [], position: { ...position, offset: 4n } });
    expect(engine.state.epoch).toBe(epoch);
  });

  it('R6: a heartbeat that is missing from the log abandons everything', async () => {
    await read();
    const position = { topic: 'changes', partition: 0, offset: 50n };
    const beat = { kind: 'heartbeat', sequence: 9n, xid: 1, commitMs: 1000, lsn: 1n } as const;
    await engine.invalidator.apply({ changes: [beat], position });
    expect(await read()).toBe('refused ');
    expect(engine.state.slots.size).toBe(0);
  });

  it('R6: a step that fails fails the whole slice, and the slice can be applied again', async () => {
    await read();
    const steps = ['fence', 'standings', 'remove', 'publish'] as const;
    for (const step of steps) {
      const store = new Proxy<ChangeStore>(engine.store, {
        get: (target, name) => {
          if (name === step) return () => Promise.reject(new Error(`no ${step}`));
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      const invalidator = new Invalidator(store, () => undefined);
      const position = { topic: 'changes', partition: 0, offset: 5n };
      engine.state.tagSets.forEach((listed) => listed.set(item.key, 1000));
      const slice = { changes: [changeOf({ xid: 200, table: 'item' })], position };
      await expect(invalidator.apply(slice)).rejects.toThrow(`no ${step}`);
      expect(await engine.store.positionOf('changes', 0)).toBe(1n);
    }
    await engine.apply([changeOf(hundred)]);
    expect(engine.state.slots.has(item.key)).toBe(false);
  });

  it('R7: an entry is listed before its rows are read, and no longer-lived than its listing', async () => {
    let listedFor = 0;
    const store = new Proxy(engine.store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'register') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        return (registration: Parameters<typeof target.register>[0]) => {
          listedFor = registration.memberSeconds;
          return target.register(registration);
        };
      },
    });
    const source: Source = {
      open: () => {
        expect([...engine.state.tagSets.values()].some((listed) => listed.has(item.key))).toBe(true);
        return engine.source.open();
      },
    };
    const answer = await engine.reader({ leaseMs: 20_000 }, { store, source }).read(item);
    expect(answer.outcome).toBe('miss');
    expect(listedFor).toBeGreaterThan(item.ttlSeconds + 20);
  });

  it('R8: an entry whose statement is not known goes at any change of its tags', async () => {
    await read();
    engine.state.footprints.clear();
    await engine.apply([changeOf(hundred)]);
    expect(engine.state.slots.size).toBe(0);
  });

  it('R8: a table with a scheme that a newer version wrote is deleted as a whole', async () => {
    await read();
    const store = new Proxy<ChangeStore>(engine.store, {
      get: (target, name) => {
        if (name === 'schemes') return async () => ({ known: [], unreadable: ['item'] });
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const position = { topic: 'changes', partition: 0, offset: 5n };
    await new Invalidator(store, () => undefined).apply({ changes: [changeOf(hundred)], position });
    expect(engine.state.slots.size).toBe(0);
  });

  it('R9: a schema change abandons what is stored and forgets the facts', async () => {
    await read();
    const tables = [{ schema: 'public', table: 'item' }];
    const ddl = { kind: 'schema-change', command: 'ALTER TABLE', tables, xid: 1, commitMs: 1000, lsn: 1n } as const;
    await engine.apply([ddl]);
    expect((await read()).startsWith('hit')).toBe(false);
    expect(engine.schemaMoves).toBeGreaterThan(0);
    expect(engine.state.facts.size).toBe(0);
  });

  it('R9: what was analysed under an older schema is not stored', async () => {
    await engine.store.schemaChanged();
    await engine.store.putFacts(engine.state.versions.schema, facts);
    expect((await engine.reader().read(item)).stored).toBe(false);
    expect(engine.state.slots.size).toBe(0);
  });

  describe('R2, R6: something of the log that nobody can read or name', () => {
    const place = (offset: bigint) => ({ topic: 'changes', partition: 0, offset });

    it('voids a fill that read before it and comes after it', async () => {
      expect(await readWhile(() => engine.invalidator.abandon('unreadable', place(2n)))).toBe('refused ');
      expect(engine.state.slots.size).toBe(0);
    });

    it('is not answered from an entry made of a snapshot that does not see it yet', async () => {
      // Transaction 100 is in the log, unreadable, and not visible before the end.
      await engine.invalidator.abandon('unreadable', place(2n));
      await engine.apply([]); // may still be the slice of the loss itself
      expect(await read()).toBe('refused ');
      await engine.apply([]); // the first heartbeat behind it
      expect(await read()).toBe('refused ');
      engine.beat = { xid: later.xid };
      await engine.database.commit(later, atOnce);
      await engine.apply([]); // one that began after it: whatever was lost has a smaller id
      expect(engine.state.hold).toBeUndefined();
      expect(await read()).toBe('refused 101');
      await engine.database.commit(hundred, atOnce);
      expect(await read()).toBe('miss 100,101');
      expect(await read()).toBe('hit 100,101');
    });

    it('stays in the cache where fills are not held', async () => {
      const { makeStore } = brokenParts['fills not on hold after a loss'];
      const database = new SmallDatabase([hundred, later]);
      engine = await new SmallEngine(database, (state) => makeStore({}, state)).start();
      await engine.invalidator.abandon('unreadable', place(2n));
      expect(await read()).toBe('miss ');
      await database.commit(hundred, atOnce);
      expect(await read()).toBe('hit ');
    });

    it('is not over with a heartbeat whose transaction may have begun before it', async () => {
      await engine.invalidator.abandon('unreadable', place(1n));
      engine.beat = { seen: 0n };
      for (let i = 0; i < 5; i++) await engine.apply([]);
      expect(engine.state.hold).toBeDefined();
    });

    it('is not over for an invalidator that is still behind it', async () => {
      await engine.invalidator.abandon('unreadable', place(100n));
      for (let i = 0; i < 5; i++) await engine.apply([]);
      expect(engine.state.hold).toBeDefined();
    });

    it('is a change without its transaction, too', async () => {
      await engine.apply([row({ xid: undefined })]);
      expect(engine.state.hold).toBeDefined();
      expect(await read()).toBe('refused ');
    });
  });

  it('R12: a store that lost its state serves nothing until it is opened, and stores nothing until what was applied lately is visible', async () => {
    await engine.apply([changeOf(hundred)]);
    engine.state.lose();
    expect((await engine.reader().read(item)).detail).toBe('stale-log');
    await engine.apply([]);
    engine.statements.load(catalog, engine.state.versions.schema);
    await engine.store.putFacts(engine.state.versions.schema, facts);
    // 100 was applied before the loss and is still not visible: nothing in the log will ever come again for it.
    expect(await read()).toBe('refused ');
    engine.beat = { xid: 100 };
    for (let i = 0; i < 2; i++) await engine.apply([]);
    expect(engine.state.hold).toBeUndefined();
    expect(await read()).toBe('refused ');
    await engine.database.commit(hundred, atOnce);
    expect(await read()).toBe('miss 100');
  });

  describe('R12: a store that is lost around the start of an invalidator', () => {
    const slice = (offset: bigint, changes: readonly RowChange[] = []) =>
      engine.apply(changes, { offset, by: invalidator });
    let invalidator: Invalidator;
    beforeEach(() => {
      invalidator = new Invalidator(engine.store, () => undefined);
    });

    /** By who has the schema that a new store asks for. Transaction 100 is applied and not visible. */
    const readAgain = async (): Promise<string> => {
      engine.statements.load(catalog, engine.state.versions.schema);
      await engine.store.putFacts(engine.state.versions.schema, facts);
      return read();
    };

    it('holds fills when the slice before was its first', async () => {
      engine.state.lose();
      await slice(1n, [changeOf(hundred)]);
      engine.state.lose();
      await slice(2n);
      expect(await readAgain()).toBe('refused ');
    });

    it('holds fills when another applied what it finds no trace of', async () => {
      await engine.apply([changeOf(hundred)]);
      expect(await invalidator.positionOf('changes', 0)).toBeDefined();
      engine.state.lose();
      await slice(3n);
      expect(await readAgain()).toBe('refused ');
    });

    it('holds nothing when there was nothing', async () => {
      engine.state.lose();
      expect(await invalidator.positionOf('changes', 0)).toBeUndefined();
      await slice(1n);
      expect(await readAgain()).toBe('miss ');
    });

    it('fences anew when the fence was lost before the store was opened', async () => {
      engine.state.lose();
      class Forgetful extends MemoryStore {
        override async open(): Promise<{ opened: boolean }> {
          this.state.lose();
          return super.open();
        }
      }
      invalidator = new Invalidator(new Forgetful({}, engine.state), () => undefined);
      await slice(1n, [changeOf(hundred)]);
      expect(await readAgain()).toBe('refused ');
    });
  });

  it('R12: a store whose position went back is abandoned', async () => {
    await read();
    engine.state.offsets.set('changes/0', 0n);
    for (let i = 0; i < 3; i++) await engine.apply([]);
    expect(await read()).toBe('miss ');
  });

  it.each<[string, RowChange]>([
    ['no before image', row({ before: undefined })],
    ['a large value that neither image carries', row({ before: undefined, after: { id: 1, seen: UNAVAILABLE } })],
    ['a key update out of the entry', row({ after: { id: 2, seen: 'x' } })],
    ['a key update into the entry', row({ before: { id: 2, seen: 'x' } })],
    ['a delete with a full before image', row({ op: 'delete', after: undefined })],
  ])('R14: deletes the entry on %s', async (_, change) => {
    await read();
    await engine.apply([change]);
    expect(engine.state.slots.size).toBe(0);
  });

  it('R14: a large value that did not change is no change', async () => {
    await read();
    await engine.apply([row({ after: { id: 1, seen: UNAVAILABLE } })]);
    expect(await read()).toBe('hit ');
  });

  it('R14: a truncate deletes every entry of the table and none of another', async () => {
    await read();
    await engine.reader().read(requestOf('part', ['part']));
    const table = { schema: 'public', table: 'item' };
    await engine.apply([{ kind: 'truncate', table, xid: 100, commitMs: 1000, lsn: 1n }]);
    expect([...engine.state.slots.keys()]).toEqual([cacheKey('part', 'v1', {})]);
  });

  it('R15: a statement that depends on more than tables is answered and never stored', async () => {
    const load: typeof item.load = async (query) => {
      await query({ name: 'item.now', text: 'SELECT now() FROM item WHERE id = $1', values: ['1'] });
      return { body: Buffer.from('now'), status: 200, meta: {} };
    };
    const answer = await engine.reader().read({ ...item, load });
    expect([answer.outcome, answer.detail, engine.state.slots.size]).toEqual(['bypass', 'uncacheable', 0]);
  });

  it('R17: an answer without rows goes when a row enters it', async () => {
    const load: typeof item.load = async (query) => ({ ...(await item.load(query)), status: 404 });
    expect((await engine.reader().read({ ...item, load })).outcome).toBe('miss');
    expect((await engine.reader().read({ ...item, load })).status).toBe(404);
    await engine.apply([row({ op: 'insert', before: undefined })]);
    expect(engine.state.slots.size).toBe(0);
  });

  it('R18: a listing that was renewed in between stays', async () => {
    await read();
    engine.state.slots.clear();
    const renewing = new Proxy<ChangeStore>(engine.store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'remove') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        return async (...[keys, listings = new Map()]: Parameters<ChangeStore['remove']>) => {
          await target.remove(keys);
          await engine.database.commit(hundred, atOnce);
          expect(await read()).toBe('miss 100');
          await target.drop(listings);
        };
      },
    });
    const slice = { changes: [changeOf(hundred)], position: { topic: 'changes', partition: 0, offset: 5n } };
    await new Invalidator(renewing, () => undefined).apply(slice);
    expect(await read()).toBe('hit 100');
    await engine.apply([changeOf(later)]);
    expect(engine.state.slots.size).toBe(0);
  });

  it('R19: a host whose clock is a day off judges staleness as the database does', async () => {
    await read();
    for (const dayMs of [86_400_000, -86_400_000]) {
      engine.nowMs = dayMs;
      const hit = await engine.reader().read(item);
      expect([hit.outcome, hit.ageSeconds >= 0]).toEqual(['hit', true]);
    }
    engine.databaseMs = 1000 + 10_000;
    expect((await engine.reader().read(item)).detail).toBe('stale-log');
    engine.databaseMs = undefined;
    expect((await engine.reader().read(item)).detail).toBe('stale-log');
  });

  it('R19: a database whose clock is set back is not taken for fresh because of what it committed before', async () => {
    await read();
    engine.databaseMs = 1000 - 60_000;
    expect((await engine.reader().read(item)).detail).toBe('stale-log');
  });

  it('R20: a transaction of many rows is applied slice by slice, and its entry goes with the slice that holds its row', async () => {
    await read();
    const rows = Array.from({ length: 10_000 }, (_, id) =>
      row({ before: { id: id + 10, seen: 'a' }, after: { id: id + 10, seen: 'b' } }),
    );
    for (let i = 0; i < rows.length; i += 1000) await engine.apply(rows.slice(i, i + 1000));
    expect(await read()).toBe('hit ');
    await engine.apply([changeOf(hundred)]);
    expect(await read()).toBe('refused ');
  });
});
