import { randomUUID } from 'node:crypto';
import { type FillOutcome, type LeaseId } from '@freshet/cache-engine';
import { tag } from '@freshet/cache-keys';
import { RedisChangeStore, RedisEntryStore } from './index.js';
import { type ScriptedRedis } from './scripts.js';
import { PrivateRedis } from './testing/private-redis.js';
import { entryWith, registration, scheme } from './testing/registration.js';

const byId = { table: scheme.table, parts: [{ column: 'id', keying: { kind: 'value' as const } }] };
const stream = { topic: 'changes', partition: 0 };
const { key } = registration();

describe('a registration of several steps', () => {
  let server: PrivateRedis;
  let redis: ScriptedRedis;
  let changes: RedisChangeStore;
  let epoch: number;
  beforeAll(async () => {
    server = await PrivateRedis.start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    redis = await server.connect();
    await redis.flushall();
    changes = new RedisChangeStore(redis, { nonce: randomUUID });
    await changes.open();
    const entries = new RedisEntryStore(redis);
    epoch = (await entries.position()).epoch ?? -1;
    // The footprint is known from here on, so that it need not be told after the last step.
    await entries.register(of('before'));
    await changes.remove([key]);
  });

  const of = (lease: string, tags = 1) =>
    registration({
      epoch,
      lease: lease as LeaseId,
      tags: Array.from({ length: tags }, (_, i) => tag(byId, [String(i)])),
    });

  /** What becomes of a fill of 250 tags when that happens after the first step of its registration. */
  async function filled(afterFirst: () => Promise<unknown>, snapshot = '100:100:'): Promise<FillOutcome> {
    const own = await server.connect();
    const send = own.evalsha.bind(own) as (...args: unknown[]) => Promise<unknown>;
    let steps = 0;
    own.evalsha = async (...args: unknown[]) => {
      const reply = await send(...args);
      steps += 1;
      if (steps === 1) await afterFirst();
      return reply;
    };
    const entries = new RedisEntryStore(own);
    const registered = await entries.register(of('ours', 250));
    if (registered.kind !== 'registered') throw new Error(registered.kind);
    expect(steps).toBe(3);
    const entry = { ...entryWith(Buffer.from('ours')), epoch, snapshot };
    return entries.fill({ key, lease: 'ours' as LeaseId, entry, position: registered.position });
  }

  it('stores what it was for when nothing comes between', async () =>
    expect(await filled(() => Promise.resolve())).toBe('stored'));

  it('takes its lease once: what is deleted between two steps stays deleted', async () => {
    expect(await filled(() => changes.remove([key]))).toBe('lost');
    expect(await redis.exists(key)).toBe(0);
  });

  it('leaves the lease alone that another has taken since', async () => {
    const others = new RedisEntryStore(redis);
    const another = async (): Promise<void> => {
      await changes.remove([key]);
      expect((await others.register(of('theirs'))).kind).toBe('registered');
    };
    expect(await filled(another)).toBe('lost');
    expect((await others.lookup(key)).leased).toBe(true);
    expect((await others.register(of('third'))).kind).toBe('held');
  });

  it('answers with the position after its last step: what was applied meanwhile, and is not in the snapshot, is not missed', async () => {
    expect(await filled(() => changes.fence([200], stream), '100:150:')).toBe('unseen');
    expect(await redis.exists(key)).toBe(0);
  });
});
