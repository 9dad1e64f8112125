import { cacheKey, type CacheKey, statementId, tableName, tag } from '@freshet/cache-keys';
import { StreamsTaken } from '../errors.js';
import {
  type CacheEntry,
  type ChangeStore,
  type EntryStore,
  type LeaseId,
  type Member,
  type Registration,
} from '../store.js';

/** One store, seen from both sides, empty. */
export interface StoreUnderTest {
  readonly entries: EntryStore;
  readonly changes: ChangeStore;
  /** The same store in the hands of another invalidator. */
  readonly others: ChangeStore;
  readonly close: () => Promise<void>;
}

const invoices = tableName('public', 'billing_invoice');
const scheme = { table: invoices, parts: [{ column: 'id', keying: { kind: 'value' as const } }] };
const tag7 = tag(scheme, ['7']);
const statement = statementId('invoice.get', 'text');
const stream = { topic: 'changes', partition: 0 };
const key = cacheKey('invoice.get', 'v1', { id: 7 });
const lease = (name: string): LeaseId => name as LeaseId;

function registration(change: Partial<Registration> = {}): Registration {
  return {
    key,
    lease: lease('a'),
    take: true,
    beside: false,
    leaseMs: 60_000,
    epoch: 0,
    reads: [{ statement, values: ['7'] }],
    tags: [tag7],
    schemes: [scheme],
    footprints: new Map([[statement, '{}']]),
    memberSeconds: 1000,
    ...change,
  };
}

function entry(change: Partial<CacheEntry> = {}): CacheEntry {
  return {
    body: Buffer.from('{"id":7}'),
    status: 200,
    meta: {},
    etag: '"x"',
    snapshot: '100:100:',
    epoch: 1,
    storedAtMs: 5,
    ttlSeconds: 900,
    ...change,
  };
}

/** What every store must do. An adapter's spec calls this and adds its extras. */
export function storeContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a store`, () => {
    let store: StoreUnderTest;
    let epoch = 0;

    beforeEach(async () => {
      store = await makeStore();
      await store.changes.open();
      epoch = (await store.entries.lookup(key)).epoch ?? 0;
    });
    afterEach(() => store.close());

    const register = (change: Partial<Registration> = {}): ReturnType<EntryStore['register']> =>
      store.entries.register(registration({ epoch, ...change }));
    const positionNow = async (): Promise<number> => (await store.entries.position()).position;
    const fill = async (change: Partial<CacheEntry> = {}, position?: number, by = 'a', at: CacheKey = key) =>
      store.entries.fill({
        key: at,
        lease: lease(by),
        entry: entry({ epoch, ...change }),
        position: position ?? (await positionNow()),
      });
    const publish = (
      offset: bigint,
      watermarkMs: number,
      heartbeat?: bigint,
      completed: number[] = [],
      partition = 0,
    ) =>
      store.changes.publish({
        position: { topic: 'changes', partition, offset },
        watermarkMs,
        pulse: heartbeat === undefined ? undefined : pulseAt(heartbeat),
        pulseBroken: false,
        completed,
      });
    const both = [stream, { ...stream, partition: 1 }];
    const watermark = async (): Promise<number | undefined> => (await store.entries.lookup(key)).watermarkMs;
    const pulseAt = (sequence: bigint) => ({ sequence, runs: ['a', 'b'], line: 'x.1' });
    const listed = async (): Promise<Member[]> => {
      const all: Member[] = [];
      for await (const page of store.changes.members([tag7])) all.push(...(page.get(tag7) ?? []));
      return all;
    };

    it('finds an entry that was filled, byte for byte, with all that was stored beside it', async () => {
      const body = Buffer.from([0, 255, 10, 128]);
      await register();
      expect(await fill({ body, meta: { count: 3 }, status: 404 })).toBe('stored');
      const found = await store.entries.lookup(key);
      expect(found.entry).toEqual(entry({ epoch, body, meta: { count: 3 }, status: 404 }));
      expect(found.leased).toBe(false);
    });

    it('is not open before an invalidator opened it, and opens once', async () => {
      expect(await store.changes.open()).toEqual({ opened: false });
    });

    it('gives a lease to one reader at a time', async () => {
      expect((await register()).kind).toBe('registered');
      expect((await register({ lease: lease('b') })).kind).toBe('held');
      expect((await store.entries.lookup(key)).leased).toBe(true);
    });

    it('tells a reader that the entry was filled meanwhile', async () => {
      await register();
      await fill();
      expect((await register({ lease: lease('b') })).kind).toBe('filled');
    });

    it('lets a reader replace an entry of an older epoch', async () => {
      await register();
      await fill();
      const newer = await store.changes.raiseEpoch('test');
      expect(newer).toBeGreaterThan(epoch);
      expect((await register({ lease: lease('b'), epoch: newer })).kind).toBe('registered');
    });

    it('refuses a fill whose lease was voided by a delete', async () => {
      await register();
      expect(await store.changes.remove([key])).toBe(1);
      expect(await fill()).toBe('lost');
      expect((await store.entries.lookup(key)).entry).toBeUndefined();
    });

    it('refuses a fill under a lease that another reader holds by now', async () => {
      await register();
      await store.changes.remove([key]);
      await register({ lease: lease('b') });
      expect(await fill()).toBe('lost');
      expect(await fill({}, undefined, 'b')).toBe('stored');
    });

    it('lets a reader register more while it holds the lease, and not after', async () => {
      await register();
      expect((await register({ take: false })).kind).toBe('registered');
      await store.changes.remove([key]);
      expect((await register({ take: false })).kind).toBe('lost');
    });

    it('gives up a lease only for the reader that holds it', async () => {
      await register();
      await store.entries.release(key, lease('b'));
      expect((await store.entries.lookup(key)).leased).toBe(true);
      await store.entries.release(key, lease('a'));
      expect((await store.entries.lookup(key)).leased).toBe(false);
    });

    describe('a lease beside an entry', () => {
      const more = [{ statement, values: ['8'] }];
      const renew = (change: Partial<Registration> = {}): ReturnType<typeof register> =>
        register({ beside: true, lease: lease('b'), reads: more, ...change });
      const bodyNow = async (): Promise<string | undefined> => (await store.entries.lookup(key)).entry?.body.toString();
      beforeEach(async () => {
        await register();
        await fill({ body: Buffer.from('old'), ttlSeconds: 60 });
      });

      it('leaves the entry readable until it is filled, with the reads of the new one from then on', async () => {
        expect((await renew()).kind).toBe('registered');
        expect([await bodyNow(), (await store.entries.lookup(key)).leased]).toEqual(['old', true]);
        expect((await renew({ take: false })).kind).toBe('registered');
        expect(await fill({ body: Buffer.from('new') }, undefined, 'b')).toBe('stored');
        expect([await bodyNow(), (await store.entries.lookup(key)).leased]).toEqual(['new', false]);
        expect(await store.changes.standings([key])).toEqual([{ kind: 'entry', reads: more, snapshot: '100:100:' }]);
      });

      it('stands for both: nobody may pass over a change because the entry has seen it', async () => {
        await renew();
        const reads = [{ statement, values: ['7'] }, ...more];
        expect(await store.changes.standings([key])).toEqual([{ kind: 'lease', reads }]);
      });

      it("is one reader's at a time, and nobody's where there is no entry of the epoch", async () => {
        await renew();
        expect((await renew({ lease: lease('c') })).kind).toBe('held');
        await store.entries.release(key, lease('b'));
        expect((await renew({ epoch: epoch + 1 })).kind).toBe('filled');
        await store.changes.remove([key]);
        expect((await renew()).kind).toBe('filled');
        expect((await store.entries.lookup(key)).leased).toBe(false);
      });

      it('goes with the entry at a delete', async () => {
        await renew();
        await store.changes.remove([key]);
        expect((await renew({ take: false })).kind).toBe('lost');
        expect(await fill({}, undefined, 'b')).toBe('lost');
        expect(await bodyNow()).toBeUndefined();
      });

      it('leaves the entry as it was when it is given up, or its fill refused', async () => {
        await renew();
        await store.entries.release(key, lease('b'));
        expect([await bodyNow(), (await store.entries.lookup(key)).leased]).toEqual(['old', false]);
        await store.changes.fence([100], stream);
        await renew();
        expect(await fill({ snapshot: '100:101:100' }, undefined, 'b')).toBe('unseen');
        expect([await bodyNow(), (await store.entries.lookup(key)).leased]).toEqual(['old', false]);
        const reads = [{ statement, values: ['7'] }];
        expect(await store.changes.standings([key])).toEqual([{ kind: 'entry', reads, snapshot: '100:100:' }]);
      });

      it('does not keep a reader of a newer epoch away', async () => {
        await renew();
        const newer = await store.changes.raiseEpoch('test');
        expect((await register({ lease: lease('c'), epoch: newer })).kind).toBe('registered');
        expect(await fill({}, undefined, 'b')).toBe('lost');
      });
    });

    it('keeps the reads of a lease and of the entry filled under it', async () => {
      const reads = [{ statement, values: ['7', null, ['1', '2']] }];
      await register({ reads });
      expect(await store.changes.standings([key])).toEqual([{ kind: 'lease', reads }]);
      await fill();
      expect(await store.changes.standings([key])).toEqual([{ kind: 'entry', reads, snapshot: '100:100:' }]);
      await store.changes.remove([key]);
      expect(await store.changes.standings([key])).toEqual([{ kind: 'gone' }]);
    });

    it('refuses a fill whose snapshot misses a fenced transaction at or below its position', async () => {
      await store.changes.fence([100], stream);
      await register();
      expect(await fill({ snapshot: '100:101:100' })).toBe('unseen');
      await register({ lease: lease('b') });
      expect(await fill({ snapshot: '100:100:' }, undefined, 'b')).toBe('unseen');
      await register({ lease: lease('c') });
      expect(await fill({ snapshot: '101:101:' }, undefined, 'c')).toBe('stored');
    });

    it('lets a fill pass when the transaction it misses was fenced after its position', async () => {
      await register();
      const position = await positionNow();
      await store.changes.fence([100], stream);
      expect(await fill({ snapshot: '100:100:' }, position)).toBe('stored');
    });

    it('compares transactions across the wrap-around of 32 bits', async () => {
      await store.changes.fence([4_294_967_295, 2], stream);
      await register();
      const beyond = 2n ** 32n;
      expect(await fill({ snapshot: `${beyond}:${beyond}:` })).toBe('unseen');
      await register({ lease: lease('b') });
      expect(await fill({ snapshot: `${beyond + 3n}:${beyond + 3n}:` }, undefined, 'b')).toBe('stored');
    });

    it('keeps the older position of a transaction that is fenced again', async () => {
      await store.changes.fence([100], stream);
      await register();
      const position = await positionNow();
      await store.changes.fence([100], stream);
      expect(await fill({ snapshot: '100:100:' }, position)).toBe('unseen');
    });

    it('refuses every fill while fills are on hold, and then those that may miss what was lost', async () => {
      await store.changes.fence([5000], stream);
      await store.changes.holdFills({ ...stream, offset: 7n });
      await register();
      expect(await fill({ snapshot: '900:900:' })).toBe('floor');
      const { hold } = await store.changes.fence([], stream);
      expect(hold).toMatchObject({ stream: 'changes/0', offset: 7n });
      if (hold !== undefined) await store.changes.resumeFills(hold, 500);
      expect((await store.changes.fence([], stream)).hold).toBeUndefined();
      await register({ lease: lease('b') });
      expect(await fill({ snapshot: '500:900:500' }, undefined, 'b')).toBe('floor');
      await register({ lease: lease('c') });
      expect(await fill({ snapshot: '501:900:501' }, undefined, 'c')).toBe('stored');
    });

    it('ends no hold but the one that was meant', async () => {
      await store.changes.holdFills({ ...stream, offset: 7n });
      const { hold } = await store.changes.fence([], stream);
      await store.changes.holdFills({ ...stream, offset: 7n });
      if (hold !== undefined) await store.changes.resumeFills(hold, 500);
      expect((await store.changes.fence([], stream)).hold).toBeDefined();
    });

    it('covers nothing with a snapshot it cannot read', async () => {
      expect(await store.entries.judge('nonsense', 0)).toBe('floor');
    });

    it('knows a transaction as applied once it is completed, and not while it is only fenced', async () => {
      await store.changes.fence([7], stream);
      expect((await store.entries.lookup(key, 7n)).applied).toBe(false);
      await publish(1n, 1, undefined, [7]);
      expect((await store.entries.lookup(key, 2n ** 32n + 7n)).applied).toBe(true);
      expect((await store.entries.lookup(key, 8n)).applied).toBe(false);
    });

    it('lists an entry under its tag with a score of its own for each registration', async () => {
      await register();
      const [first] = await listed();
      await store.entries.release(key, lease('a'));
      await register({ lease: lease('b') });
      const [second] = await listed();
      expect(second?.key).toBe(key);
      expect(second?.score).toBeGreaterThan(first?.score ?? NaN);
    });

    it('drops a listing only while it is the one that was seen', async () => {
      await register();
      const [seen] = await listed();
      await store.entries.release(key, lease('a'));
      await register({ lease: lease('b') });
      await store.changes.drop(new Map([[tag7, [seen as Member]]]));
      const [renewed] = await listed();
      expect(renewed?.key).toBe(key);
      await store.changes.drop(new Map([[tag7, [renewed as Member]]]));
      expect(await listed()).toEqual([]);
    });

    it('raises the version of the schemes when one is new, and only then', async () => {
      await register();
      const first = (await store.changes.fence([1], stream)).schemes;
      await register({ lease: lease('b') });
      expect((await store.changes.fence([2], stream)).schemes).toBe(first);
      const wider = { table: invoices, parts: [] };
      await register({ key: cacheKey('invoice.list', 'v1', {}), schemes: [wider] });
      expect((await store.changes.fence([3], stream)).schemes).toBeGreaterThan(first);
      expect((await store.changes.schemes()).known).toEqual(expect.arrayContaining([scheme, wider]));
    });

    it('keeps footprints by id', async () => {
      await register();
      const unknown = statementId('x', 'y');
      expect(await store.changes.footprints([statement, unknown])).toEqual(new Map([[statement, '{}']]));
    });

    it('finds every tag set of a table and of no other', async () => {
      const other = { table: tableName('public', 'billing_invoice_line'), parts: [] };
      await register({ tags: [tag7, tag(other, [])], schemes: [scheme, other] });
      const tags = [];
      for await (const page of store.changes.tagsOf(invoices)) tags.push(...page);
      expect(tags).toEqual([tag7]);
    });

    it('moves position, watermark and pulse forward and never back', async () => {
      await publish(10n, 1000, 5n);
      await publish(7n, 900, 4n);
      expect(await store.changes.positionOf('changes', 0)).toBe(10n);
      expect((await store.entries.lookup(key)).watermarkMs).toBe(1000);
      expect((await store.changes.fence([], stream)).pulse).toEqual(pulseAt(5n));
    });

    it('R19: sets the watermark back where the log goes on at an earlier time: the clock of the database was', async () => {
      await publish(10n, 100_000);
      await publish(11n, 99_500); // commits that overtake each other
      expect((await store.entries.lookup(key)).watermarkMs).toBe(100_000);
      await publish(12n, 40_000);
      expect((await store.entries.lookup(key)).watermarkMs).toBe(40_000);
      await publish(11n, 20_000); // a replay
      expect((await store.entries.lookup(key)).watermarkMs).toBe(40_000);
    });

    it('lets a pulse start anew where the old one broke off', async () => {
      await publish(10n, 1000, 5n);
      const pulse = { sequence: 2n, runs: ['c'], line: undefined };
      const position = { ...stream, offset: 11n };
      await store.changes.publish({ position, watermarkMs: 1001, pulse, pulseBroken: true, completed: [] });
      expect((await store.changes.fence([], stream)).pulse).toEqual(pulse);
    });

    it('has the least watermark of its streams, and none while one of them is not known', async () => {
      await store.changes.take(both);
      await publish(1n, 1000);
      expect(await watermark()).toBeUndefined();
      await publish(1n, 400, undefined, [], 1);
      expect(await watermark()).toBe(400);
      await store.changes.take([...both, { topic: 'new', partition: 0 }]);
      await publish(2n, 2000, undefined, [], 1);
      expect(await watermark()).toBeUndefined();
    });

    it('has the watermark of the streams that are left when others are not read any more', async () => {
      await store.changes.take(both);
      await publish(1n, 1000);
      await publish(1n, 400, undefined, [], 1);
      await store.changes.take([stream]);
      await publish(2n, 1001);
      expect(await watermark()).toBe(1001);
    });

    it('knows no transaction as applied by its id while there are several streams, heard of or not', async () => {
      await publish(1n, 1000, undefined, [6]);
      await store.changes.take(both);
      await publish(2n, 1001, undefined, [7]);
      for (const xid of [6n, 7n]) expect((await store.entries.lookup(key, xid)).applied).toBe(false);
    });

    it('lets nobody publish or step back but who took the streams last', async () => {
      await store.changes.take([stream]);
      await publish(5n, 1000);
      await store.others.take([stream]);
      await expect(publish(9n, 2000, 3n)).rejects.toThrow(StreamsTaken);
      await expect(store.changes.rewind({ ...stream, offset: 2n })).rejects.toThrow(StreamsTaken);
      await expect(store.changes.settle([{ ...stream, offset: 6n }], 2000)).rejects.toThrow(StreamsTaken);
      expect(await store.changes.positionOf('changes', 0)).toBe(5n);
      expect(await watermark()).toBe(1000);
      expect((await store.changes.fence([], stream)).pulse).toBeUndefined();
      await store.changes.take([stream]);
      await publish(9n, 2000);
      expect(await watermark()).toBe(2000);
    });

    it('settles a stream that is applied to its end, and no other', async () => {
      await store.changes.take(both);
      await publish(9n, 5000);
      await store.changes.settle([{ topic: 'changes', partition: 1, offset: 0n }], 4000);
      expect(await watermark()).toBe(4000);
      await store.changes.settle([{ topic: 'changes', partition: 1, offset: 1n }], 4500);
      expect(await watermark()).toBe(4000);
      await publish(0n, 4001, undefined, [], 1);
      await store.changes.settle([{ topic: 'changes', partition: 1, offset: 1n }], 4500);
      expect(await watermark()).toBe(4500);
      await store.changes.settle([{ topic: 'changes', partition: 1, offset: 1n }], 4100);
      expect(await watermark()).toBe(4500);
    });

    it('steps back when it is told to', async () => {
      await publish(10n, 1000, 3n);
      await store.changes.rewind({ ...stream, offset: 4n });
      expect(await store.changes.positionOf('changes', 0)).toBe(4n);
      expect((await store.entries.lookup(key)).watermarkMs).toBeUndefined();
    });

    it('forgets all facts at a schema change, and takes none that were read before it', async () => {
      const { schemaVersion } = await store.entries.position();
      const all = new Map([[invoices, '{"a":1}']]);
      expect(await store.entries.putFacts(schemaVersion, all)).toBe(true);
      expect(await store.changes.facts()).toEqual(all);
      const before = (await store.changes.fence([], stream)).facts;
      await store.changes.schemaChanged();
      expect((await store.changes.fence([], stream)).facts).toBeGreaterThan(before);
      expect(await store.changes.facts()).toEqual(new Map());
      expect(await store.entries.putFacts(schemaVersion, all)).toBe(false);
      expect((await store.entries.lookup(key)).schemaVersion).toBe(schemaVersion + 1);
    });
  });
}
