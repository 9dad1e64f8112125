import { loadParser } from '@freshet/footprint';
import { RefreshOnChange } from './refresh-on-change.js';
import { type Query } from './source.js';
import { SmallEngine } from './testing/small-engine.js';
import { changeOf, requestOf, SmallDatabase } from './testing/small-world.js';

const hundred = { xid: 100, table: 'item' };
const item = requestOf('item', ['item']);
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('a reader that loads again what a change deleted', () => {
  let engine: SmallEngine;
  let reader: RefreshOnChange;
  let opened: number;
  let most: number;

  beforeAll(loadParser);
  beforeEach(async () => {
    engine = await new SmallEngine(new SmallDatabase([hundred])).start();
    opened = 0;
    most = 0;
    let running = 0;
    const open = async () => {
      opened += 1;
      most = Math.max(most, (running += 1));
      const session = await engine.source.open();
      return { ...session, close: async () => void (running -= 1) };
    };
    reader = new RefreshOnChange(engine.reader({}, { source: { open } }));
    engine.state.onNews = (news) => news.kind === 'delete' && void reader.changed(news.keys);
  });
  const readTimes = async (times: number, request = item): Promise<void> => {
    for (let i = 0; i < times; i += 1) await reader.read(request);
  };
  const change = async (): Promise<void> => {
    await engine.change(hundred, changeOf(hundred));
    await turn();
  };

  it('has it ready again for the next who asks, when it was read often', async () => {
    await readTimes(10);
    await change();
    expect(opened).toBe(2);
    const { outcome, body } = await reader.read(item);
    expect(`${outcome} ${body.toString()}`).toBe('hit 100');
  });

  it('leaves alone what was read seldom since it was loaded', async () => {
    await readTimes(9);
    await change();
    expect([opened, engine.state.slots.size]).toEqual([1, 0]);
    await reader.changed([requestOf('nobody read it', []).key]);
    expect(opened).toBe(1);
  });

  it('does not load for ever what nobody reads any more', async () => {
    await readTimes(10);
    await change();
    await engine.apply([changeOf({ xid: 300, table: 'item' })]);
    await turn();
    expect([opened, engine.state.slots.size]).toEqual([2, 0]);
  });

  it('stores nothing that does not see the change, and does not try again', async () => {
    await readTimes(10);
    await engine.apply([changeOf(hundred)]);
    await turn();
    expect([opened, engine.state.slots.size]).toEqual([2, 0]);
  });

  it('leaves the load to another process that is at it', async () => {
    await readTimes(10);
    engine.state.onNews = () => undefined;
    await engine.change(hundred, changeOf(hundred));
    let inside: Promise<unknown> | undefined;
    const load = async (query: Query): ReturnType<typeof item.load> => {
      const loaded = await item.load(query);
      inside = reader.changed([item.key]);
      await inside;
      return loaded;
    };
    await engine.reader().read({ ...item, load });
    expect([opened, inside !== undefined]).toEqual([1, true]);
  });

  it('loads two at once, and the others in their turn', async () => {
    const many = Array.from({ length: 20 }, (_, i) => requestOf(`item ${i}`, ['item']));
    for (const request of many) await readTimes(10, request);
    most = 0;
    await change();
    expect([opened, most, engine.state.slots.size]).toEqual([40, 2, 20]);
  });
});
