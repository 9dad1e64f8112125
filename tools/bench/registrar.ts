import {
  StatementRegistry,
  type CacheEntry,
  type EntryRead,
  type LeaseId,
  type Statement,
} from '@freshet/cache-engine';
import { cacheKey, type CacheKey } from '@freshet/cache-keys';
import { type Catalog } from '@freshet/footprint';
import { RedisEntryStore, type ScriptedRedis } from '@freshet/redis-store';

const HOUR = 3600;
/** Enough requests under way to keep Redis busy. */
const AT_ONCE = 256;
const TOLD_EVERY = 100_000;

export interface Wanted {
  readonly view: string;
  readonly id: number;
  readonly statements: readonly Statement[];
}

/** With what a registered key is filled. */
export interface Filling {
  /** Taken after the registration, as a reader does. */
  readonly snapshot: () => Promise<string>;
  readonly body: Buffer;
}

/** Registers entries by the thousand, through the steps that a reader takes. */
export class Registrar {
  private readonly store: RedisEntryStore;
  private readonly statements = new StatementRegistry();

  constructor(redis: ScriptedRedis, catalog: Catalog) {
    this.store = new RedisEntryStore(redis);
    this.statements.load(catalog, 0);
  }

  /** Registers, and with a snapshot and body also fills. Tells of each hundred thousand. */
  async registerAll(
    wanted: Iterable<Wanted>,
    filling?: Filling,
    progress: (count: number) => void = () => undefined,
  ): Promise<number> {
    const { epoch = -1 } = await this.store.position();
    const iterator = wanted[Symbol.iterator]();
    let count = 0;
    const work = async (): Promise<void> => {
      for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
        count += 1;
        if (count % TOLD_EVERY === 0) progress(count);
        // A transaction that is applied before it is visible voids a fill: then once more, as the next reader would.
        while (!(await this.register(next.value, epoch, filling)));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return count;
  }

  keyOf({ view, id }: Pick<Wanted, 'view' | 'id'>): CacheKey {
    return cacheKey(view, 'bench', { id });
  }

  private async register(wanted: Wanted, epoch: number, filling?: Filling): Promise<boolean> {
    const described = wanted.statements.map((statement) => {
      const found = this.statements.describe(statement);
      if (found.kind === 'refused') throw new Error(`${statement.name}: ${found.reasons.join('; ')}`);
      return { ...found, values: statement.values };
    });
    const key = this.keyOf(wanted);
    const lease = `bench ${key}` as LeaseId;
    const reads: EntryRead[] = described.map(({ id, values }) => ({ statement: id, values }));
    const registered = await this.store.register({
      key,
      lease,
      take: true,
      beside: false,
      leaseMs: HOUR * 1000,
      epoch,
      reads,
      tags: described.flatMap(({ tags }) => tags),
      schemes: described.flatMap(({ schemes }) => schemes),
      footprints: new Map(described.map(({ id, json }) => [id, json])),
      memberSeconds: HOUR,
    });
    if (registered.kind !== 'registered') throw new Error(`${key}: ${registered.kind}`);
    if (filling === undefined) return true;
    const entry: CacheEntry = {
      body: filling.body,
      snapshot: await filling.snapshot(),
      status: 200,
      meta: {},
      etag: '"bench"',
      epoch,
      storedAtMs: Date.now(),
      ttlSeconds: HOUR,
    };
    const outcome = await this.store.fill({ key, lease, entry, position: registered.position });
    if (outcome === 'full') throw new Error('Redis has no room for the entries');
    return outcome === 'stored';
  }
}
