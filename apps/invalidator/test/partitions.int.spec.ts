import { controlKeys, type CacheKey, type Tag } from '@freshet/cache-keys';
import { leaseAt } from './lease.js';
import { heartbeat, insert, source } from './records.js';
import { RunningInvalidator, until, World } from './world.js';

jest.setTimeout(180_000);

/** The commit time of the records that say nothing else. */
const COMMIT_MS = 1_700_000_000_000;
const LATER_MS = COMMIT_MS + 60_000;

let world: World;

beforeAll(async () => {
  world = await World.begin();
});
afterAll(() => world?.end());
afterEach(() => world.endInvalidators());
beforeEach(() => world.redis.flushall());

const at = (ms: number): object => ({ ts_us: ms * 1000, ts_ms: ms });
const watermark = async (): Promise<number | undefined> => {
  const text = await world.redis.hget(controlKeys.control, 'watermark');
  return text === null ? undefined : Number(text);
};
const tokens = (): Promise<number> => world.redis.zcard(controlKeys.applied);

async function start(topics: string, grace: string): Promise<RunningInvalidator> {
  return world.startInvalidator(topics, {}, { KAFKA_PARTITION_GRACE: grace });
}

/** Resolves when the process has applied so many records of that partition. */
async function appliedAt(invalidator: RunningInvalidator, topic: string, partition: number, offset: number) {
  await invalidator.event(
    (event) =>
      event.kind === 'applied' &&
      event.slice.topic === topic &&
      event.slice.partition === partition &&
      event.slice.records.some((record) => Number(record.offset) >= offset),
  );
}

describe('a log of several partitions', () => {
  test('the watermark is the least of all, and unknown while one of them says nothing', async () => {
    const topic = await world.freshTopic(3);
    await world.produce(topic, [insert('a', { id: 1 }, at(LATER_MS))], 0);
    await world.produce(topic, [insert('a', { id: 2 }, at(COMMIT_MS))], 1);
    const invalidator = await start(topic, '1h');
    await appliedAt(invalidator, topic, 0, 0);
    await appliedAt(invalidator, topic, 1, 0);
    expect(await watermark()).toBeUndefined();
    await world.produce(topic, [insert('a', { id: 3 }, at(COMMIT_MS + 5))], 2);
    await appliedAt(invalidator, topic, 2, 0);
    expect(await watermark()).toBe(COMMIT_MS - 1);
  });

  test('a transaction that is spread over partitions is not taken for applied by its id', async () => {
    const topic = await world.freshTopic(3);
    // 700 and 701 have rows in partitions 0 and 1; those in 1 are not written to Kafka yet.
    await world.produce(topic, [insert('a', {}), insert('a', {}, { txId: 701 }), insert('a', {}, { txId: 702 })], 0);
    const invalidator = await start(topic, '1h');
    await appliedAt(invalidator, topic, 0, 2);
    expect(await tokens()).toBe(0);
    // With one partition the same records say that 700 and 701 are over.
    const single = await world.freshTopic();
    await world.produce(single, [insert('a', {}), insert('a', {}, { txId: 701 }), insert('a', {}, { txId: 702 })]);
    await invalidator.stop();
    const other = await start(single, '1h');
    await other.applied(2);
    expect(await tokens()).toBe(2);
  });

  test('idle partitions do not hold the watermark back for longer than the grace', async () => {
    const topic = await world.freshTopic(3);
    await world.produce(topic, [insert('a', { id: 2 }, at(COMMIT_MS))], 1);
    await world.produce(topic, [heartbeat(1)], 0);
    const invalidator = await start(topic, '1ms');
    await appliedAt(invalidator, topic, 0, 0);
    await appliedAt(invalidator, topic, 1, 0);
    const beat = JSON.stringify({
      op: 'u',
      after: { id: 1, seq: 2 },
      source: source('freshet_heartbeat', at(LATER_MS)),
    });
    await world.produce(topic, [beat], 0);
    await until(async () => (await watermark()) === LATER_MS - 1);
  });

  test('a topic for each table: changes of both delete, a gap in the heartbeats of one abandons everything', async () => {
    const [one, beats] = [await world.freshTopic(), await world.freshTopic()];
    await world.produce(beats, [heartbeat(1)]);
    const invalidator = await start(`${one},${beats}`, '1ms');
    await appliedAt(invalidator, beats, 0, 0);
    const key = 'e:mine@1:id=1' as CacheKey;
    await leaseAt(world, key, 't:t:id=1' as Tag);
    await world.produce(one, [JSON.stringify({ op: 't', source: source('t') })]);
    await appliedAt(invalidator, one, 0, 0);
    expect(await world.redis.exists(key)).toBe(0);
    const epoch = Number(await world.redis.hget(controlKeys.control, 'epoch'));
    await world.produce(beats, [heartbeat(3)]);
    await appliedAt(invalidator, beats, 0, 1);
    expect(Number(await world.redis.hget(controlKeys.control, 'epoch'))).toBeGreaterThan(epoch);
  });
});
