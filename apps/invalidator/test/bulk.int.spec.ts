import { setTimeout as pause } from 'node:timers/promises';
import { type ChangeStore } from '@freshet/cache-engine';
import { heartbeat, insert, source } from './records.js';
import { type RunningInvalidator, World } from './world.js';

jest.setTimeout(120_000);

const ROWS = 50_000;
const AT_ONCE = 2000;
const SLICE_RECORDS = 1000;
const SLICE_BYTES = 2 * 1024 * 1024;
/** Of a session of 1500 ms. */
const SLOW_MS = 600;

let world: World;

beforeAll(async () => {
  world = await World.begin();
});
afterAll(() => world?.end());
afterEach(() => world.endInvalidators());
beforeEach(() => world.redis.flushall());

/** A member that was put out of the group comes back under another name. */
const members = (topic: string): Promise<string[]> =>
  world.broker.admin(async (admin) => {
    const { groups } = await admin.describeGroups([`group-${topic}`]);
    return (groups[0]?.members ?? []).map(({ memberId }) => memberId);
  });

/** As the connector writes an update under the full identity. */
const update = (id: number): string => {
  const row = { id, amount: String(id), note: 'a remark of some length, as rows of a billing application have' };
  return JSON.stringify({ op: 'u', before: row, after: { ...row, amount: '0' }, source: source('row') });
};

async function produceRows(topic: string): Promise<void> {
  for (let from = 1; from <= ROWS; from += AT_ONCE) {
    await world.produce(
      topic,
      Array.from({ length: AT_ONCE }, (_, i) => update(from + i)),
    );
  }
}

const slicesOf = ({ events }: RunningInvalidator): (readonly { readonly value: Buffer | null }[])[] =>
  events.flatMap((event) => (event.kind === 'applied' ? [event.slice.records] : []));

/** Answers, but each answer takes a good part of the session. */
function slow(store: ChangeStore): ChangeStore {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const answer = (value as (...args: unknown[]) => unknown).apply(target, args);
        return answer instanceof Promise ? pause(SLOW_MS).then(() => answer as unknown) : answer;
      };
    },
  });
}

describe('R20: much at once', () => {
  test('one transaction of very many rows is applied once, in bounded slices, by a member that keeps its place', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, [heartbeat(1)]);
    // The rows are made in this process, too: the session is long enough for both.
    const invalidator = await world.startInvalidator(topic, {}, { KAFKA_SESSION_TIMEOUT: '10s' });
    await invalidator.applied(0);
    const before = await members(topic);
    await produceRows(topic);
    await invalidator.applied(ROWS);
    expect(invalidator.appliedOffsets).toEqual(Array.from({ length: ROWS + 1 }, (_, i) => i));
    const sizes = slicesOf(invalidator).map((records) => ({
      records: records.length,
      bytes: records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0),
    }));
    expect(sizes.filter(({ records, bytes }) => records > SLICE_RECORDS || bytes > SLICE_BYTES)).toEqual([]);
    expect(before).toHaveLength(1);
    expect(await members(topic)).toEqual(before);
    expect(await world.position(topic)).toBe(ROWS);
  });

  test('a slice that takes several times the session keeps its place as long as the store answers', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, [heartbeat(1)]);
    const invalidator = await world.startInvalidator(topic, { wrapStore: slow });
    await invalidator.applied(0);
    const before = await members(topic);
    await world.produce(topic, [insert('row', { id: 1 }), heartbeat(2)]);
    await invalidator.applied(2);
    expect(before).toHaveLength(1);
    expect(await members(topic)).toEqual(before);
    expect(invalidator.appliedOffsets).toEqual([0, 1, 2]);
  });
});
