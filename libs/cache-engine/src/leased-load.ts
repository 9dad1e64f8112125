import { type CacheKey, type Scheme, type StatementId, type Tag } from '@freshet/cache-keys';
import { StoreUnavailable } from './errors.js';
import { type Listener } from './ports.js';
import { type Query, type Source, type SourceSession, type Statement } from './source.js';
import { type StatementRegistry } from './statement-registry.js';
import { type EntryRead, type EntryStore, type LeaseId, type Registered } from './store.js';

/** Another reader is at work on the entry, or has just filled it: whoever catches this waits for it. */
export class LeaseHeld extends Error {
  constructor() {
    super('another reader holds the lease');
  }
}

/** Why what is being loaded will not be stored. */
export type Unstorable = 'uncacheable' | 'redis-down' | 'refused' | 'schema' | 'standby';

export interface LeasedLoadOptions {
  readonly key: CacheKey;
  readonly lease: LeaseId;
  readonly leaseMs: number;
  readonly memberSeconds: number;
  readonly epoch: number;
  /** The entry stays while it is loaded anew. */
  readonly beside: boolean;
}

/**
 * One load under one lease. Each statement's tags are registered before it is sent, and the first registration comes before the
 * snapshot: a change applied after a registration finds the tags and voids the lease, one applied before it is in the fence at or
 * below the position that the last registration read.
 */
export class LeasedLoad {
  unstorable: Unstorable | undefined;
  private readonly reads: EntryRead[] = [];
  private readonly footprints = new Map<StatementId, string>();
  private last: { position: number; epoch: number } | undefined;
  private session: SourceSession | undefined;
  private taken = false;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ports: { store: EntryStore; source: Source; statements: StatementRegistry; listen: Listener },
    private readonly options: LeasedLoadOptions,
  ) {}

  /** One after the other, whatever a view does: two first statements at once would be two leases and two snapshots. */
  readonly query: Query = (statement) => {
    const mine = this.turn.then(() => this.send(statement));
    this.turn = mine.catch(() => undefined);
    return mine;
  };

  private readonly send: Query = async (statement) => {
    if (this.unstorable === undefined) await this.register(statement);
    this.session ??= await this.open();
    return this.session.query(statement);
  };

  /** The fence position and epoch to fill at; undefined where nothing was registered or the load must not be stored. */
  get ticket(): { position: number; epoch: number; snapshot: string } | undefined {
    const snapshot = this.session?.snapshot;
    if (this.unstorable !== undefined || this.last === undefined || snapshot === undefined) return undefined;
    return { ...this.last, snapshot };
  }

  get key(): CacheKey {
    return this.options.key;
  }

  get lease(): LeaseId {
    return this.options.lease;
  }

  get snapshot(): string | undefined {
    return this.session?.snapshot;
  }

  /** Whether a lease may be standing that nobody will fill. */
  get leased(): boolean {
    return this.taken;
  }

  async close(): Promise<void> {
    await this.session?.close();
  }

  private async open(): Promise<SourceSession> {
    const session = await this.ports.source.open();
    if (session.snapshot === undefined) this.unstorable ??= 'standby';
    return session;
  }

  private async register(statement: Statement): Promise<void> {
    const described = this.ports.statements.describe(statement);
    if (described.kind === 'refused') {
      this.unstorable = 'uncacheable';
      const { reasons } = described;
      this.ports.listen({ kind: 'refused-statement', statement: statement.name, reasons });
      return;
    }
    this.reads.push({ statement: described.id, values: statement.values });
    this.footprints.set(described.id, described.json);
    const registered = await this.tryRegister(described.tags, described.schemes);
    if (registered !== undefined) this.accept(registered, described.schemaVersion);
  }

  private async tryRegister(tags: readonly Tag[], schemes: readonly Scheme[]): Promise<Registered | undefined> {
    const { reads, footprints, options } = this;
    const take = this.last === undefined;
    this.taken = true;
    try {
      return await this.ports.store.register({
        ...options,
        take,
        reads,
        tags,
        schemes,
        footprints,
      });
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.ports.listen({ kind: 'store-failed', step: 'register', error });
      this.unstorable = 'redis-down';
      return undefined;
    }
  }

  private accept(registered: Registered, schemaVersion: number | undefined): void {
    if (registered.kind !== 'registered') this.taken = false;
    if (registered.kind === 'held' || registered.kind === 'filled') throw new LeaseHeld();
    if (registered.kind === 'lost') {
      this.unstorable = 'refused';
      return;
    }
    const firstEpoch = this.last?.epoch ?? this.options.epoch;
    this.last = { position: registered.position, epoch: firstEpoch };
    if (registered.epoch !== firstEpoch) this.unstorable = 'refused';
    if (registered.schemaVersion !== schemaVersion) this.unstorable = 'schema';
  }
}
