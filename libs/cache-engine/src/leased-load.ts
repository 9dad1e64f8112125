import { type CacheKey, type StatementId } from '@freshet/cache-keys';
import { StoreUnavailable } from './errors.js';
import { type Foreseen, same } from './foresight.js';
import { type Listener } from './ports.js';
import { placesOf, type Prepared } from './prepared.js';
import { SentAhead } from './sent-ahead.js';
import { type Query, type Source, type SourceRow, type SourceSession, type Statement } from './source.js';
import { type StatementRegistry } from './statement-registry.js';
import { type EntryStore, type LeaseId, type Registered } from './store.js';

/** Another reader is at work on the entry, or has just filled it: whoever catches this waits for it. */
export class LeaseHeld extends Error {
  constructor() {
    super('another reader holds the lease');
  }
}

/** A statement that was asked and not sent yet. */
interface Waiting {
  readonly statement: Statement;
  readonly resolve: (rows: readonly SourceRow[]) => void;
  readonly reject: (error: unknown) => void;
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
  /** What it will ask, as far as anybody can tell: registered together with what it asks first, and sent with it where that is sure. */
  readonly foreseen: Foreseen;
}

/**
 * One load under one lease. Each statement's tags are registered before it is sent, and the first registration comes before the
 * snapshot: a change applied after a registration finds the tags and voids the lease, one applied before it is in the fence at or
 * below the position that the last registration read. What was registered ahead is registered: nothing needs to be done when it is asked.
 */
export class LeasedLoad {
  unstorable: Unstorable | undefined;
  /** How often the view asked, counting together what it asked at once. */
  steps = 0;
  private readonly asked: Prepared[] = [];
  /** Registered and not asked yet. */
  private foreseen: readonly Prepared[] = [];
  private readonly ahead = new SentAhead();
  private readonly footprints = new Map<StatementId, string>();
  private last: { position: number; epoch: number } | undefined;
  private session: SourceSession | undefined;
  private taken = false;
  private waiting: Waiting[] = [];
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: { store: EntryStore; source: Source; statements: StatementRegistry; listen: Listener },
    private readonly options: LeasedLoadOptions,
  ) {}

  /**
   * Statements that are asked together are registered together, then sent together; those asked meanwhile come after these. So there is
   * one lease and one snapshot, whatever a view does, and a round trip for each step of it, not for each statement.
   */
  readonly query: Query = (statement) =>
    new Promise((resolve, reject) => {
      this.waiting.push({ statement, resolve, reject });
      this.turn = this.turn.then(() => this.sendWaiting());
    });

  private async sendWaiting(): Promise<void> {
    const together = this.waiting.splice(0);
    if (together.length === 0) return;
    this.steps += 1;
    try {
      if (this.unstorable === undefined) await this.register(together.map(({ statement }) => statement));
      const session = (this.session ??= await this.ports.source.open());
      const answers = together.map(({ statement, resolve, reject }) =>
        (this.ahead.rowsOf(statement) ?? session.query(statement)).then(resolve, reject),
      );
      this.sendAhead(session);
      await Promise.all(answers);
      if (session.snapshot === undefined) this.unstorable ??= 'standby';
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }

  /** What is registered may be sent; behind what was asked, so that this waits for nothing. */
  private sendAhead(session: SourceSession): void {
    if (this.steps > 1 || !this.options.foreseen.sure || this.unstorable !== undefined) return;
    const registered = this.foreseen.map(({ statement }) => statement);
    this.ahead.send(session, registered);
  }

  /** The fence position and epoch to fill at; undefined where nothing was registered or the load must not be stored. */
  get ticket(): { position: number; epoch: number; snapshot: string } | undefined {
    const snapshot = this.session?.snapshot;
    if (this.unstorable !== undefined || this.last === undefined || snapshot === undefined) return undefined;
    return { ...this.last, snapshot };
  }

  /** In the order in which they were asked. */
  get statements(): readonly Statement[] {
    return this.asked.map(({ statement }) => statement);
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

  /** Whether it may have failed by what was sent ahead. */
  get spoiled(): boolean {
    return this.ahead.spoiled;
  }

  /** Takes back what was registered and never asked: the entry does not depend on it. */
  async settle(): Promise<void> {
    if (this.foreseen.length === 0 || this.unstorable !== undefined) return;
    this.foreseen = [];
    await this.announce([]);
  }

  async close(): Promise<void> {
    await this.session?.close();
  }

  private async register(statements: readonly Statement[]): Promise<void> {
    const came = this.foreseen.filter((one) => statements.some((statement) => same(statement, one.statement)));
    const others = statements.filter((statement) => !came.some((one) => same(statement, one.statement)));
    const unforeseen = others.map((statement) => this.prepared(statement, true)).filter((one) => one !== undefined);
    if (this.unstorable !== undefined) return;
    this.asked.push(...came, ...unforeseen);
    if (this.last !== undefined && unforeseen.length === 0) {
      this.foreseen = this.foreseen.filter((one) => !came.includes(one));
      return;
    }
    // A guess that failed once is not trusted with the rest.
    this.foreseen = this.last === undefined ? this.foresee(statements) : [];
    await this.announce([...unforeseen, ...this.foreseen]);
  }

  private foresee(asked: readonly Statement[]): readonly Prepared[] {
    const later = this.options.foreseen.statements.filter((one) => !asked.some((statement) => same(statement, one)));
    return later.map((statement) => this.prepared(statement, false)).filter((one) => one !== undefined);
  }

  /** @param needed without it the load cannot be stored */
  private prepared(statement: Statement, needed: boolean): Prepared | undefined {
    const described = this.ports.statements.describe(statement);
    if (described.kind === 'cacheable') return { statement, described };
    if (needed) {
      this.unstorable = 'uncacheable';
      this.ports.listen({ kind: 'refused-statement', statement: statement.name, reasons: described.reasons });
    }
    return undefined;
  }

  private async announce(news: readonly Prepared[]): Promise<void> {
    for (const { described } of news) this.footprints.set(described.id, described.json);
    // Nothing was awaited since they were described, so they all follow from this version.
    const { schemaVersion } = this.ports.statements;
    const registered = await this.tryRegister(news);
    if (registered !== undefined) this.accept(registered, schemaVersion);
  }

  private async tryRegister(news: readonly Prepared[]): Promise<Registered | undefined> {
    const { footprints, options } = this;
    const take = this.last === undefined;
    const reads = [...this.asked, ...this.foreseen].map(({ statement: { values }, described }) => ({
      statement: described.id,
      values,
    }));
    this.taken = true;
    try {
      return await this.ports.store.register({ ...options, take, reads, ...placesOf(news), footprints });
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
