import { randomUUID } from 'node:crypto';
import { type ChangeStore, type EntryStore, type LeaseId } from '@freshet/cache-engine';
import { cacheKey, type CacheKey, controlKeys, type Tag, tag } from '@freshet/cache-keys';
import calculateSlot from 'cluster-key-slot';
import { changeStoreOn, entryStoreOn, type ScriptedRedis, type StoreConnection } from './index.js';
import { PrivateCluster } from './testing/private-cluster.js';
import { entryWith, registration, scheme } from './testing/registration.js';

const stream = { topic: 'changes', partition: 0 };
const byId = { table: scheme.table, parts: [{ column: 'id', keying: { kind: 'value' as const } }] };
const key = cacheKey('item', 'v1', { id: 1 });
const tag1 = tag(byId, ['1']);
const entry = entryWith(Buffer.from('body'));

describe('a cluster in which slots move', () => {
  let cluster: PrivateCluster;
  let redis: StoreConnection;
  let nodes: Map<string, ScriptedRedis>;
  let entries: EntryStore;
  let changes: ChangeStore;
  let epoch = 0;

  beforeAll(async () => {
    cluster = await PrivateCluster.start();
    nodes = new Map();
    for (const node of await cluster.direct()) nodes.set((await node.call('CLUSTER', 'MYID')) as string, node);
  }, 60_000);
  afterAll(() => cluster.stop());

  beforeEach(async () => {
    for (const node of nodes.values()) await node.flushall();
    redis = await cluster.connect();
    entries = entryStoreOn(redis);
    changes = changeStoreOn(redis, { nonce: randomUUID });
    await changes.open();
    epoch = (await entries.lookup(key)).epoch ?? 0;
  });
  afterEach(() => redis.disconnect());

  const ownerOf = async (slot: number): Promise<string> => {
    for (const [id, node] of nodes) {
      const own =
        /^.*myself.*$/m
          .exec((await node.call('CLUSTER', 'NODES')) as string)?.[0]
          .split(' ')
          .slice(8) ?? [];
      const holds = own.some((range) => {
        const [first = NaN, last = first] = range.split('-').map(Number);
        return slot >= first && slot <= last;
      });
      if (holds) return id;
    }
    throw new Error('nobody owns the slot');
  };
  /** A slot on its way: what is there already moves in `half` or in `rest`, what is new is made where it goes. */
  const move = async (of: string) => {
    const slot = calculateSlot(of);
    const from = await ownerOf(slot);
    const to = [...nodes.keys()].find((id) => id !== from) ?? '';
    const [source, target] = [nodes.get(from), nodes.get(to)] as [ScriptedRedis, ScriptedRedis];
    await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from);
    await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to);
    const carry = async (keys: readonly string[]): Promise<void> => {
      for (const one of keys) await source.migrate('127.0.0.1', target.options.port ?? 0, one, 0, 5000);
    };
    const finish = async (): Promise<void> => {
      await carry((await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 1000)) as string[]);
      for (const node of [target, source, ...nodes.values()]) await node.call('CLUSTER', 'SETSLOT', slot, 'NODE', to);
    };
    return { carry, finish };
  };
  const store = async (at: CacheKey = key, tags: readonly Tag[] = [tag1]): Promise<string> => {
    const lease = randomUUID() as LeaseId;
    const registered = await entries.register(registration({ key: at, lease, epoch, tags, schemes: [byId] }));
    if (registered.kind !== 'registered') return registered.kind;
    return entries.fill({ key: at, lease, entry: { ...entry, epoch }, position: registered.position });
  };
  const bodyAt = async (at: CacheKey = key): Promise<string | undefined> => {
    const found = await entries.lookup(at);
    return found.entry?.epoch === found.epoch ? found.entry?.body.toString() : undefined;
  };
  /** What an invalidator does about a change that matters to all that is listed under the tag. */
  const invalidate = async (...tags: Tag[]): Promise<CacheKey[]> => {
    await changes.fence([], stream);
    const gone: CacheKey[] = [];
    for await (const page of changes.members(tags)) {
      const keys = [...new Set([...page.values()].flat().map((member) => member.key))];
      await changes.standings(keys);
      await changes.remove(keys);
      await changes.drop(page);
      gone.push(...keys);
    }
    await changes.publish({
      position: { ...stream, offset: 1n },
      watermarkMs: 1,
      pulse: undefined,
      pulseBroken: false,
      completed: [],
    });
    return gone;
  };

  it.each([
    ['an entry', key],
    ['a tag set', tag1],
  ])('serves, lists and deletes %s whose slot is on its way, gone, or back', async (_, moved) => {
    expect(await store()).toBe('stored');
    const { carry, finish } = await move(moved);
    expect(await bodyAt()).toBe('body');
    await carry([moved]);
    expect(await bodyAt()).toBe('body');
    expect(await invalidate(tag1)).toEqual([key]);
    expect(await bodyAt()).toBeUndefined();
    // What is not there any more is made where the slot goes.
    expect(await store()).toBe('stored');
    expect(await bodyAt()).toBe('body');
    await finish();
    expect(await bodyAt()).toBe('body');
    expect(await invalidate(tag1)).toEqual([key]);
    expect(await bodyAt()).toBeUndefined();
    expect((await entries.lookup(key)).epoch).toBe(epoch);
  });

  it('voids a lease that has moved with its slot', async () => {
    const lease = 'a' as LeaseId;
    const terms = registration({ key, lease, epoch, tags: [tag1], schemes: [byId] });
    const registered = await entries.register(terms);
    const { carry, finish } = await move(key);
    await carry([key]);
    expect(await invalidate(tag1)).toEqual([key]);
    await finish();
    const position = registered.kind === 'registered' ? registered.position : 0;
    expect(await entries.fill({ key, lease, entry: { ...entry, epoch }, position })).toBe('lost');
  });

  it('goes on while the control keys move: half of them here and half there, what fails is done again', async () => {
    expect(await store()).toBe('stored');
    const { carry, finish } = await move(controlKeys.control);
    await carry([controlKeys.control]);
    // A step on several of them cannot be carried out now, and says so.
    await expect(changes.fence([7], stream)).rejects.toThrow();
    await finish();
    expect((await changes.fence([7], stream)).incarnation).toBeDefined();
    expect(await invalidate(tag1)).toEqual([key]);
    expect(await bodyAt()).toBeUndefined();
    expect(await store()).toBe('stored');
    expect((await entries.lookup(key)).epoch).toBe(epoch);
  });

  it('abandons all when slots moved while the tag sets of a table were looked for, and only then', async () => {
    expect(await store()).toBe('stored');
    const found: string[] = [];
    for await (const page of changes.tagsOf(scheme.table)) found.push(...page);
    expect(found).toEqual([tag1]);
    expect(await bodyAt()).toBe('body');
    for await (const page of changes.tagsOf(scheme.table)) {
      expect(page).toEqual([tag1]);
      await (await move(tag1)).finish();
    }
    expect(await bodyAt()).toBeUndefined();
    expect((await entries.lookup(key)).epoch).toBeGreaterThan(epoch);
  });

  it('loses and serves nothing stale when readers and invalidations go on through a reshard of everything', async () => {
    const ids = Array.from({ length: 60 }, (_, i) => i);
    const keyOf = (id: number): CacheKey => cacheKey('item', 'v1', { id });
    const tagOf = (id: number): Tag => tag(byId, [String(id)]);
    for (const id of ids) await store(keyOf(id), [tagOf(id)]);
    const [from = '', to = ''] = nodes.keys();
    let moving = true;
    const port = nodes.get(from)?.options.port ?? 0;
    const slots = ['--cluster-from', from, '--cluster-to', to, '--cluster-slots', '120'];
    const reshard = cluster.cli('reshard', `127.0.0.1:${port}`, ...slots).finally(() => (moving = false));
    const stale: number[] = [];
    let invalidations = 0;
    for (let round = 0; moving || round < ids.length; round += 1) {
      const id = round % ids.length;
      await store(keyOf(id), [tagOf(id)]).catch(() => 'failed');
      try {
        await invalidate(tagOf(id));
        invalidations += 1;
        if ((await bodyAt(keyOf(id))) !== undefined) stale.push(id);
      } catch {
        round -= 1;
      }
    }
    await reshard;
    expect(stale).toEqual([]);
    expect(invalidations).toBeGreaterThanOrEqual(ids.length);
    for (const id of ids) expect([id, await store(keyOf(id), [tagOf(id)])]).toEqual([id, 'stored']);
    expect(await invalidate(...ids.map(tagOf))).toHaveLength(ids.length);
    for (const id of ids) expect(await bodyAt(keyOf(id))).toBeUndefined();
  }, 120_000);
});
