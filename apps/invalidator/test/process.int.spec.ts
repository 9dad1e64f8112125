import { freePort } from './broker.js';
import { Child } from './child.js';
import { heartbeat, insert } from './records.js';
import { until, World } from './world.js';

jest.setTimeout(180_000);

const MAIN = 'apps/invalidator/src/main.ts';
const CRASHING = 'apps/invalidator/test/crash-main.ts';

let world: World;
const children: Child[] = [];

beforeAll(async () => {
  world = await World.begin();
});
afterAll(() => world?.end());
beforeEach(() => world.redis.flushall());
afterEach(() => Promise.all(children.splice(0).map((child) => child.end())));

async function run(entry: string, topic: string, more: Record<string, string> = {}): Promise<Child> {
  const child = new Child(entry, { ...world.variables(topic), PORT: String(await freePort()), ...more });
  children.push(child);
  return child;
}

async function running(entry: string, topic: string, more: Record<string, string> = {}): Promise<Child> {
  const child = await run(entry, topic, more);
  await child.says('listening');
  return child;
}

describe('the process', () => {
  test('a wrong environment ends it with one line per variable, and no secret among them', async () => {
    const child = await run(MAIN, 'none', { PORT: 'http', REDIS_URL: 'mysql://u:hunter2@h', KAFKA_BROKERS: '' });
    expect(await child.ends()).toBe(1);
    const lines = child.output.trim().split('\n');
    expect(lines).toEqual([
      'PORT: expected a port between 1 and 65535, got "http"',
      'REDIS_URL: expected a redis:// or rediss:// URL',
    ]);
  });

  test('SIGTERM finishes the slice in hand and ends it with 0', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, [heartbeat(1)]);
    const child = await running(MAIN, topic);
    await world.reached(topic, 0);
    child.signal('SIGTERM');
    expect(await child.ends()).toBe(0);
  });

  test('a topic that does not exist yet is waited for', async () => {
    const topic = `late-${await freePort()}`;
    const child = await running(MAIN, topic);
    await child.says('waiting for Kafka');
    await world.createTopic(topic);
    await world.produce(topic, [heartbeat(1)]);
    await world.reached(topic, 0);
  });

  test('no line of the log holds the admin token', async () => {
    const topic = await world.freshTopic();
    const child = await running(MAIN, topic, { LOG_LEVEL: 'trace' });
    await world.produce(topic, [heartbeat(1)]);
    await world.reached(topic, 0);
    expect(child.output).not.toContain(world.variables(topic)['ADMIN_TOKEN']);
  });

  test.each(['1', '2', '3', 'published'])(
    'killed at step %s of a slice, it applies the slice again after a restart',
    async (step) => {
      const topic = await world.freshTopic();
      await world.produce(topic, [heartbeat(1), insert('a', { id: 1 })]);
      const first = await running(CRASHING, topic, { FRESHET_CRASH_STEP: step });
      expect(await first.ends()).toBe('SIGKILL');
      expect(await world.position(topic)).toBe(step === 'published' ? 1 : undefined);
      await running(MAIN, topic);
      await world.produce(topic, [heartbeat(2)]);
      await world.reached(topic, 2);
    },
  );

  test('a broker that freezes: not ready, then it ends with 1', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, [heartbeat(1)]);
    const port = String(await freePort());
    const child = await running(MAIN, topic, { STALL_TIMEOUT: '3s', PORT: port });
    await world.reached(topic, 0);
    world.broker.signal('SIGSTOP');
    try {
      const stalled = async (): Promise<string> =>
        JSON.stringify(await (await fetch(`http://127.0.0.1:${port}/ready`)).json());
      await until(async () => (await stalled()).includes('no progress and no empty fetch'));
      expect(await child.ends()).toBe(1);
      expect(child.output).toContain('no progress for 3 s');
    } finally {
      world.broker.signal('SIGCONT');
    }
  });

  test('a frozen one that wakes up after its place was taken does no harm', async () => {
    const topic = await world.freshTopic();
    await world.produce(topic, [heartbeat(1)]);
    const frozen = await running(MAIN, topic);
    await world.reached(topic, 0);
    await running(MAIN, topic);
    frozen.signal('SIGSTOP');
    await world.produce(topic, [heartbeat(2), heartbeat(3)]);
    await world.reached(topic, 2);
    frozen.signal('SIGCONT');
    await world.produce(topic, [heartbeat(4)]);
    await world.reached(topic, 3);
    frozen.signal('SIGTERM');
    expect(await frozen.ends()).toBe(0);
    await world.produce(topic, [heartbeat(5)]);
    await world.reached(topic, 4);
    expect(await world.position(topic)).toBe(4);
  });
});
