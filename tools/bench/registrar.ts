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

export interface Wanted {
  readonly view: string;
  readonly id: number;
  readonly statements: readonly Statement[];
}

/** Registers entries by the thousand, through the steps that a reader takes. */
export class Registrar {
  private readonly store: RedisEntryStore;
  private readonly statements = new StatementRegistry();

  constructor(redis: ScriptedRedis, catalog: Catalog) {
    this.store = new RedisEntryStore(redis);
    this.statements.load(catalog, 0);
  }

  /** Registers, and with a snapshot and body also fills. */
  async registerAll(
    wanted: Iterable<Wanted>,
    filling?: { readonly snapshot: string; readonly body: Buffer },
  ): Promise<number> {
    const { epoch = -1 } = await this.store.position();
    const iterator = wanted[Symbol.iterator]();
    let count = 0;
    const work = async (): Promise<void> => {
      for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
        count += 1;
        await this.register(next.value, epoch, filling);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return count;
  }

  keyOf({ view, id }: Pick<Wanted, 'view' | 'id'>): CacheKey {
    return cacheKey(view, 'bench', { id });
  }

  private async register(
    wanted: Wanted,
    epoch: number,
    filling?: { readonly snapshot: string; readonly body: Buffer },
  ): Promise<void> {
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
      leaseMs: HOUR * 1000,
      epoch,
      reads,
      tags: described.flatMap(({ tags }) => tags),
      schemes: described.flatMap(({ schemes }) => schemes),
      footprints: new Map(described.map(({ id, json }) => [id, json])),
      memberSeconds: HOUR,
    });
    if (registered.kind !== 'registered') throw new Error(`${key}: ${registered.kind}`);
    if (filling === undefined) return;
    const entry: CacheEntry = {
      ...filling,
      status: 200,
      meta: {},
      etag: '"bench"',
      epoch,
      storedAtMs: Date.now(),
      ttlSeconds: HOUR,
    };
    const outcome = await this.store.fill({ key, lease, entry, position: registered.position });
    if (outcome !== 'stored') throw new Error(`${key}: ${outcome}`);
  }
}
