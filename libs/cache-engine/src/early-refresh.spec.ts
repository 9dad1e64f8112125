import { loadParser } from '@freshet/footprint';
import { dueEarly } from './early-refresh.js';
import { type Reader } from './reader.js';
import { type Query, type Statement } from './source.js';
import { SmallEngine } from './testing/small-engine.js';
import { changeOf, requestOf, SmallDatabase } from './testing/small-world.js';

const hundred = { xid: 100, table: 'item' };
const item = requestOf('item', ['item']);
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('whether an entry is loaded anew before its end', () => {
  /** The share of a thousand even chances that say yes. */
  const share = (leftMs: number, tookMs = 100, factor = 1): number =>
    Array.from({ length: 1000 }, (_, i) => dueEarly(leftMs, tookMs, factor, i / 1000)).filter(Boolean).length / 1000;

  it('is the likelier the nearer its end, and the longer its load takes', () => {
    expect([share(1), share(100), share(300), share(2000)].map((part) => Math.round(part * 100) / 100)).toEqual([
      0.99, 0.37, 0.05, 0,
    ]);
    expect(share(1000, 1000)).toBeCloseTo(share(100, 100), 1);
    expect(share(1000, 100, 10)).toBeCloseTo(share(100, 100), 1);
  });

  it('is not where the entry should be gone already: clocks differ then', () => {
    expect([share(0), share(-5000)]).toEqual([0, 0]);
  });
});

describe('a reader that loads entries anew before their end', () => {
  let engine: SmallEngine;
  let reader: Reader;
  let opened: number;
  /** Loads wait here when it is set. */
  let gate: Promise<void> | undefined;
  let letGo: () => void;

  beforeAll(loadParser);
  beforeEach(async () => {
    engine = await new SmallEngine(new SmallDatabase([hundred])).start();
    opened = 0;
    gate = undefined;
    const open = async () => {
      opened += 1;
      const session = await engine.source.open();
      await gate;
      return session;
    };
    reader = engine.reader({ earlyRefresh: 1 }, { source: { open } });
  });
  const close = (): void => void (gate = new Promise((resolve) => (letGo = resolve)));
  const read = async (request = item): Promise<string> => {
    const { outcome, status, body, ageSeconds } = await reader.read(request);
    return `${outcome} ${status} ${body.toString()} ${ageSeconds}`;
  };
  const renewals = (): unknown[] => engine.events.flatMap((event) => (event.kind === 'renewed' ? [event.outcome] : []));

  it('answers at once with what is there, and with what was loaded from then on', async () => {
    await read();
    engine.nowMs = 59_000;
    close();
    expect([await read(), await read()]).toEqual(['hit 200  59', 'hit 200  59']);
    await turn();
    expect([opened, renewals()]).toEqual([2, []]);
    letGo();
    await turn();
    expect(renewals()).toEqual(['miss']);
    expect(await read()).toBe('hit 200  0');
  });

  it('stores nothing that a change overtook, and leaves nothing of what was there', async () => {
    await read();
    close();
    await read();
    await turn();
    await engine.change(hundred, changeOf(hundred));
    expect(engine.state.slots.size).toBe(0);
    letGo();
    await turn();
    expect([engine.state.slots.size, renewals()]).toEqual([0, ['refused']]);
    expect(await read()).toBe('miss 200 100 0');
  });

  it('is overtaken by a change to what only the new load reads', async () => {
    await read();
    close();
    const part: Statement = { name: 'part.get', text: 'SELECT seen FROM part WHERE id = $1', values: ['1'] };
    const wider = async (query: Query): ReturnType<typeof item.load> => {
      await query(part);
      return item.load(query);
    };
    await read({ ...item, load: wider });
    await turn();
    await engine.apply([changeOf({ xid: 300, table: 'part' })]);
    expect(engine.state.slots.size).toBe(0);
    letGo();
    await turn();
    expect(renewals()).toEqual(['refused']);
  });

  it('leaves what is there where the load fails', async () => {
    await read();
    await read({ ...item, load: () => Promise.reject(new Error('a view that cannot render')) });
    await turn();
    expect(renewals()).toEqual(['error']);
    expect(await read()).toBe('hit 200  0');
  });

  it('loads four entries at once at most', async () => {
    const nine = Array.from({ length: 9 }, (_, i) => requestOf(`item ${i}`, ['item']));
    for (const request of nine) await read(request);
    close();
    opened = 0;
    for (const request of nine) await read(request);
    await turn();
    expect(opened).toBe(4);
    letGo();
    await turn();
  });

  it('R17: treats an answer without rows as any other', async () => {
    const missing = { ...item, load: async (query: Query) => ({ ...(await item.load(query)), status: 404 }) };
    expect(await read(missing)).toBe('miss 404  0');
    engine.nowMs = 59_000;
    expect(await read(missing)).toBe('hit 404  59');
    await turn();
    expect(await read(missing)).toBe('hit 404  0');
    await turn();
    await engine.change(hundred, { ...changeOf(hundred), op: 'insert', before: undefined });
    expect(engine.state.slots.size).toBe(0);
  });

  it('does nothing of it when it is switched off', async () => {
    reader = engine.reader();
    await read();
    engine.nowMs = 59_999;
    await read();
    await turn();
    expect(renewals()).toEqual([]);
  });
});
