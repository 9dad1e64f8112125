import { controlKeys, type CacheKey, type Tag } from '@freshet/cache-keys';
import { leaseAt } from './lease.js';
import { heartbeat, insert } from './records.js';
import { until, World } from './world.js';

jest.setTimeout(120_000);

let world: World;

beforeAll(async () => {
  world = await World.begin();
});
afterAll(() => world?.end());
afterEach(() => world.endInvalidators());
beforeEach(() => world.redis.flushall());

const control = (field: string): Promise<string | null> => world.redis.hget(controlKeys.control, field);
const position = (topic: string): Promise<string | null> => control(`offset:${topic}/0`);
const beats = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => heartbeat(from + i));

describe('the log, on a real broker and a real store', () => {
  test('a new group begins at the start of the topic, and a restart goes on where it stood', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, beats(1, 5));
    const first = await world.startInvalidator(topic);
    await first.applied(4);
    await first.stop();
    expect(await position(topic)).toBe('4');
    await world.produce(topic, beats(6, 3));
    const second = await world.startInvalidator(topic);
    await second.applied(7);
    expect(Math.min(...second.appliedOffsets)).toBe(5);
  });

  test('offsets that Kafka has ahead of the store are not believed', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, beats(1, 3));
    const first = await world.startInvalidator(topic);
    await first.applied(2);
    await first.stop();
    await world.produce(topic, beats(4, 4));
    await world.broker.admin((admin) =>
      admin.setOffsets({ groupId: `group-${topic}`, topic, partitions: [{ partition: 0, offset: '7' }] }),
    );
    await world.produce(topic, beats(8, 1));
    const epoch = await control('epoch');
    const second = await world.startInvalidator(topic);
    await second.applied(7);
    expect(second.appliedOffsets).toEqual([3, 4, 5, 6, 7]);
    expect(await control('epoch')).toBe(epoch);
  });

  test('records that retention removed unread cost the whole cache', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, [insert('a', {}), insert('a', {})]);
    const first = await world.startInvalidator(topic);
    await first.applied(1);
    await first.stop();
    const epoch = Number(await control('epoch'));
    await world.produce(
      topic,
      Array.from({ length: 5 }, () => insert('a', {})),
    );
    await world.broker.admin(async (admin) => {
      // Makes the client learn where the topic is.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '5' }] });
    });
    const second = await world.startInvalidator(topic);
    const event = await second.applied(6);
    expect(second.appliedOffsets).toEqual([5, 6]);
    expect(event).toMatchObject({ slice: { discontinuity: { reason: expect.stringContaining('2 to 4') as string } } });
    expect(Number(await control('epoch'))).toBeGreaterThan(epoch);
  });

  test('a recreated topic costs the whole cache and is read from its start', async () => {
    const topic = await world.freshTopic();
    await world.produce(
      topic,
      Array.from({ length: 8 }, () => insert('a', {})),
    );
    const first = await world.startInvalidator(topic);
    await first.applied(7);
    await first.stop();
    const epoch = Number(await control('epoch'));
    await world.recreateTopic(topic);
    await world.produce(topic, [insert('a', {}), insert('a', {})]);
    const second = await world.startInvalidator(topic);
    await second.applied(1);
    expect(second.appliedOffsets).toEqual([0, 1]);
    expect(Number(await control('epoch'))).toBeGreaterThan(epoch);
    expect(await position(topic)).toBe('1');
  });

  test('an unreadable record goes to the dead letters with its story, and the log goes on', async () => {
    const topic = await world.freshTopic();
    const bad = JSON.stringify({
      op: 'c',
      after: 'no row',
      source: { schema: 'public', table: 't', txId: 5, ts_ms: 1 },
    });
    await world.produce(topic, [insert('a', {}), bad, insert('a', {})]);
    const invalidator = await world.startInvalidator(topic);
    await invalidator.applied(2);
    const letters: { value: string; headers: Record<string, string> }[] = [];
    const consumer = world.broker.kafka.consumer({ groupId: `reader-${topic}` });
    await consumer.connect();
    await consumer.subscribe({ topic: `${topic}.dead-letter`, fromBeginning: true });
    await new Promise<void>((done) => {
      void consumer.run({
        eachMessage: async ({ message: { value, headers } }) => {
          const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)] as const);
          letters.push({ value: String(value), headers: Object.fromEntries(texts) });
          done();
        },
      });
    });
    await consumer.disconnect();
    expect(letters).toEqual([
      {
        value: bad,
        headers: expect.objectContaining({
          'freshet-reason': 'a row image is not an object',
          'freshet-class': 'Malformed',
          'freshet-table': 'public.t',
          'freshet-topic': topic,
          'freshet-partition': '0',
          'freshet-offset': '1',
        }) as object,
      },
    ]);
  });

  test('an unreadable record deletes whatever reads its table, and nothing else', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, [heartbeat(1)]);
    const invalidator = await world.startInvalidator(topic);
    await invalidator.applied(0);
    await leaseAt(world, 'e:mine@1:' as CacheKey, 't:t:id=1' as Tag);
    await leaseAt(world, 'e:other@1:' as CacheKey, 't:u:id=1' as Tag);
    const bad = JSON.stringify({ op: '?', source: { schema: 'public', table: 't', txId: 5, ts_ms: 1 } });
    await world.produce(topic, [bad]);
    expect(await invalidator.applied(1)).toMatchObject({ deleted: 1 });
    expect(await world.redis.exists('e:mine@1:', 'e:other@1:')).toBe(1);
  });

  test('while the store is away it waits, says so, keeps its place in the group, and loses nothing', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, [heartbeat(1)]);
    const invalidator = await world.startInvalidator(topic);
    await invalidator.applied(0);
    world.redisServer.signal('SIGSTOP');
    await world.produce(topic, beats(2, 3));
    // More waiting than the group would forgive a silent member.
    await invalidator.event((event) => event.kind === 'waiting' && event.attempt >= 5);
    const { status, body } = await invalidator.get('/ready');
    expect([status, body]).toEqual([503, expect.objectContaining({ ready: false }) as object]);
    expect(body['checks']).toMatchObject({ kafka: 'ok', redis: expect.stringContaining('unavailable') as string });
    world.redisServer.signal('SIGCONT');
    await invalidator.applied(3);
    expect(invalidator.appliedOffsets).toEqual([0, 1, 2, 3]);
    expect((await invalidator.get('/ready')).status).toBe(200);
  });

  test('while the broker is away it waits, says so, and goes on with the next record', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, [heartbeat(1)]);
    const invalidator = await world.startInvalidator(topic);
    await invalidator.applied(0);
    await world.broker.down('SIGKILL');
    await until(async () => (await invalidator.get('/ready')).status === 503);
    await world.broker.up();
    await world.produce(topic, [heartbeat(2)]);
    await invalidator.applied(1);
    await until(async () => (await invalidator.get('/ready')).status === 200);
    // At least once: how much is applied again depends on what the broker kept of the group's offsets.
    expect(new Set(invalidator.appliedOffsets)).toEqual(new Set([0, 1]));
  });

  test('an operator pauses, resumes and replays', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, beats(1, 4));
    const invalidator = await world.startInvalidator(topic);
    await invalidator.applied(3);
    expect((await invalidator.post('/admin/pause', {})).status).toBe(204);
    expect((await invalidator.get('/ready')).body).toMatchObject({ checks: { kafka: 'paused' } });
    await world.produce(topic, [heartbeat(5)]);
    expect((await invalidator.post('/admin/replay', { from: 2 })).body).toEqual({
      from: [{ topic, partition: 0, offset: '2' }],
    });
    expect(invalidator.appliedOffsets).toEqual([0, 1, 2, 3]);
    await invalidator.post('/admin/resume', {});
    await invalidator.applied(4);
    expect(invalidator.appliedOffsets).toEqual([0, 1, 2, 3, 2, 3, 4]);
    expect((await invalidator.get('/admin/status')).body).toMatchObject({
      state: 'running',
      streams: [{ topic, appliedOffset: '4', lagRecords: 0 }],
    });
  });

  test('an operator purges by key, tag, view and table, and is told how many went', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, [heartbeat(1)]);
    const invalidator = await world.startInvalidator(topic);
    await invalidator.applied(0);
    for (const id of [1, 2, 3, 4, 5])
      await leaseAt(world, `e:view${id % 2}@1:id=${id}` as CacheKey, `t:t:id=${id}` as Tag);
    const purge = async (what: object) => (await invalidator.post('/admin/purge', what)).body;
    expect(await purge({ key: 'e:view1@1:id=1' })).toEqual({ deleted: 1 });
    expect(await purge({ tag: 't:t:id=2' })).toEqual({ deleted: 1 });
    expect(await purge({ view: 'view1' })).toEqual({ deleted: 2 });
    expect(await purge({ table: 't' })).toEqual({ deleted: 1 });
    expect(await purge({ table: 't' })).toEqual({ deleted: 0 });
  });

  test('models are switched off and on for readers', async () => {
    const topic = await world.freshTopic();
    const invalidator = await world.startInvalidator(topic);
    await until(async () => (await invalidator.get('/ready')).status === 200);
    const models = async (model: string, enabled: boolean) =>
      (await invalidator.post('/admin/models', { model, enabled })).body;
    expect(await models('Invoice', false)).toEqual({ disabled: ['Invoice'] });
    expect(await models('*', false)).toEqual({ disabled: ['Invoice', '*'] });
    expect(await models('Invoice', true)).toEqual({ disabled: ['*'] });
    expect(await control('disabled')).toBe('*');
  });
});
