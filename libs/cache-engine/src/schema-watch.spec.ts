import { StoreUnavailable } from './errors.js';
import { SchemaWatch } from './schema-watch.js';
import { type EntryStore } from './store.js';
import { MemoryStore } from './testing/memory-store.js';
import { knownStatements } from './testing/small-world.js';

/** A database without tables, as the catalogue's statement tells it. */
const nothing = {
  database: ['c', 'C', 'C', 'UTF8'],
  searchPath: [],
  timeZone: 'UTC',
  tables: [],
  functions: [],
  operators: [],
  casts: [],
  settings: {},
  enums: {},
};

describe('the schema watch', () => {
  let store: MemoryStore;
  let pauses: number[];
  let opened: number;

  beforeEach(async () => {
    store = new MemoryStore();
    await store.open();
    pauses = [];
    opened = 0;
  });

  const watch = (change: Partial<EntryStore> = {}): { watch: SchemaWatch; version: () => number | undefined } => {
    const statements = knownStatements();
    const session = {
      snapshot: '1:1:',
      query: async () => [{ catalog: JSON.stringify(nothing) }],
      close: async () => undefined,
    };
    const source = { open: async () => ((opened += 1), session) };
    const clock = { pause: async (ms: number) => void pauses.push(ms) };
    const ports = { store: Object.assign(Object.create(store) as MemoryStore, change), source, statements, clock };
    return { watch: new SchemaWatch(ports, 'freshet'), version: () => statements.schemaVersion };
  };

  it('reads the catalogue at once, and knows the version of the store then', async () => {
    await store.schemaChanged();
    const { watch: schema, version } = watch();
    await schema.refresh();
    expect([version(), pauses]).toEqual([store.state.versions.schema, []]);
  });

  it('asks the database once for all who ask at the same time', async () => {
    const { watch: schema } = watch();
    await Promise.all([schema.refresh(), schema.refresh(), schema.refresh()]);
    expect(opened).toBe(1);
  });

  it('pauses longer each time while the schema keeps moving, and not at all once it stood still', async () => {
    let moving = true;
    const { watch: schema } = watch({
      putFacts: async (version, facts) => {
        if (moving) await store.schemaChanged();
        return store.putFacts(version, facts);
      },
    });
    for (let i = 0; i < 10; i += 1) await schema.refresh();
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    moving = false;
    await schema.refresh();
    pauses = [];
    await schema.refresh();
    expect(pauses).toEqual([]);
  });

  it('pauses after the store failed, and lets its caller know', async () => {
    const { watch: schema } = watch({ position: () => Promise.reject(new StoreUnavailable(new Error('cut'))) });
    await expect(schema.refresh()).rejects.toThrow('unavailable');
    await expect(schema.refresh()).rejects.toThrow('unavailable');
    expect([pauses, opened]).toEqual([[50], 0]);
  });
});
