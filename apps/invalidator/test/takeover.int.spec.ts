import { controlKeys, type CacheKey, type Tag } from '@freshet/cache-keys';
import { freePort } from './broker.js';
import { Child } from './child.js';
import { leaseAt } from './lease.js';
import { heartbeat, source } from './records.js';
import { ADMIN, until, World } from './world.js';

jest.setTimeout(180_000);

const MAIN = 'apps/invalidator/src/main.ts';
const CRASHING = 'apps/invalidator/test/crash-main.ts';

/** One process of the group, with its HTTP. */
class Member {
  private constructor(
    readonly child: Child,
    private readonly url: string,
  ) {}

  static async start(topic: string, entry = MAIN, more: Record<string, string> = {}): Promise<Member> {
    const port = String(await freePort());
    const child = new Child(entry, { ...world.variables(topic), PORT: port, ...more });
    members.push(child);
    await child.says('listening');
    return new Member(child, `http://127.0.0.1:${port}`);
  }

  async ready(): Promise<{ status: number; role: string | undefined }> {
    const answer = await fetch(`${this.url}/ready`);
    const { facts } = (await answer.json()) as { facts?: { role?: string } };
    return { status: answer.status, role: facts?.role };
  }

  /** Resolves when it has taken its place in the group. */
  is(role: 'active' | 'standby'): Promise<void> {
    return until(async () => {
      const now = await this.ready();
      return now.status === 200 && now.role === role;
    });
  }

  async admin(path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${this.url}/admin/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  async metric(name: string): Promise<number | undefined> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const [, value] = new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(text) ?? [];
    return value === undefined ? undefined : Number(value);
  }
}

let world: World;
const members: Child[] = [];

beforeAll(async () => {
  world = await World.begin();
});
afterAll(() => world?.end());
beforeEach(() => world.redis.flushall());
afterEach(() => Promise.all(members.splice(0).map((child) => child.end())));

const control = (field: string): Promise<string | null> => world.redis.hget(controlKeys.control, field);
const key = 'e:mine@1:id=1' as CacheKey;
const tag = 't:t:id=1' as Tag;
const truncate = JSON.stringify({ op: 't', source: source('t') });

/** One that has applied a heartbeat, and one that waits for its place. */
async function pair(): Promise<{ topic: string; active: Member; standby: Member }> {
  const topic = await world.freshTopic();
  await world.produce(topic, [heartbeat(1)]);
  const active = await Member.start(topic);
  await world.reached(topic, 0);
  const standby = await Member.start(topic);
  await standby.is('standby');
  return { topic, active, standby };
}

describe('several processes in one group', () => {
  test('one is active, the other says that it is a standby, and what is the active one’s to do it refuses', async () => {
    const { topic, active, standby } = await pair();
    await active.is('active');
    expect([await active.metric('assigned_partitions'), await standby.metric('assigned_partitions')]).toEqual([1, 0]);
    expect((await standby.admin('status')).body).toMatchObject({ role: 'standby', state: 'standby' });
    for (const path of ['replay', 'pause']) {
      expect(await standby.admin(path, { from: 0 })).toMatchObject({
        status: 409,
        body: { message: 'this process is a standby: ask the active one' },
      });
    }
    expect(await world.position(topic)).toBe(0);
  });

  test('when the active one is killed the other takes over, and a change that nobody had applied is applied', async () => {
    const { topic, active, standby } = await pair();
    const epoch = await control('epoch');
    await leaseAt(world, key, tag);
    await active.child.end();
    await world.produce(topic, [truncate, heartbeat(2)]);
    await world.reached(topic, 2);
    await standby.is('active');
    expect(await world.redis.exists(key)).toBe(0);
    expect(await control('epoch')).toBe(epoch);
  });

  test.each(['remove', 'publish'])(
    'one that was frozen before its call of %s and wakes up after another has taken over moves nothing',
    async (step) => {
      const topic = await world.freshTopic();
      await world.produce(topic, [heartbeat(1), heartbeat(2)]);
      const freezing = { FRESHET_CRASH_STEP: step, FRESHET_CRASH_ON_SIGNAL: 'true', FRESHET_CRASH_SIGNAL: 'SIGSTOP' };
      const frozen = await Member.start(topic, CRASHING, freezing);
      await world.reached(topic, 1);
      const other = await Member.start(topic);
      await other.is('standby');
      await leaseAt(world, key, tag);
      frozen.child.signal('SIGUSR2');
      await world.produce(topic, [truncate]);
      await world.reached(topic, 2);
      expect(await world.redis.exists(key)).toBe(0);
      // From here on the position stands before what the frozen one had in hand, on purpose.
      await other.is('active');
      expect((await other.admin('pause', {})).status).toBe(204);
      expect((await other.admin('replay', { from: 1 })).status).toBe(200);
      const before = [await control('epoch'), await world.committed(topic)];
      frozen.child.signal('SIGCONT');
      await frozen.is('standby');
      expect([await world.position(topic), await control('watermark'), await control('heartbeat')]).toEqual([
        0,
        null,
        null,
      ]);
      expect([await control('epoch'), await world.committed(topic)]).toEqual(before);
      await other.admin('resume', {});
      await world.produce(topic, [heartbeat(3)]);
      await world.reached(topic, 3);
      expect(await control('epoch')).toBe(before[0]);
    },
  );
});
