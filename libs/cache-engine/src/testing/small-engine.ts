import { type Heartbeat, type RowChange } from '@freshet/row-change';
import { Invalidator } from '../invalidator.js';
import { type EngineEvent } from '../ports.js';
import { Reader, type ReaderSettings } from '../reader.js';
import { type Source } from '../source.js';
import { type StatementRegistry } from '../statement-registry.js';
import { type EntryStore, type LeaseId } from '../store.js';
import { MemoryState } from './memory-state.js';
import { MemoryStore } from './memory-store.js';
import { facts, knownStatements, SmallDatabase, type Transaction } from './small-world.js';

const everyday: ReaderSettings = {
  enabled: true,
  maxStalenessMs: 10_000,
  onStale: 'bypass',
  leaseMs: 1000,
  waitMs: 50,
  pollMs: 10,
  jitterRatio: 0,
  earlyRefresh: 0,
};

/** The whole engine over a store in memory, with clocks that stand until they are moved. The parser must be loaded. */
export class SmallEngine {
  readonly state = new MemoryState();
  readonly store: MemoryStore;
  readonly statements: StatementRegistry = knownStatements();
  readonly events: EngineEvent[] = [];
  readonly invalidator: Invalidator;
  /** Of the reader's host, and of the database. */
  nowMs = 0;
  databaseMs: number | undefined = 1000;
  schemaMoves = 0;
  /** What the next heartbeats say in place of the usual. */
  beat: Partial<Heartbeat> = {};
  private offset = 0n;
  private leases = 0;

  constructor(
    readonly database = new SmallDatabase([]),
    makeStore: (state: MemoryState) => MemoryStore = (state) => new MemoryStore({}, state),
  ) {
    this.store = makeStore(this.state);
    this.invalidator = new Invalidator(this.store, (event) => void this.events.push(event));
  }

  /** Open, with facts and a watermark: what a running system looks like. */
  async start(): Promise<this> {
    await this.store.open();
    await this.store.putFacts(1, facts);
    await this.apply([]);
    return this;
  }

  /** @param pause what becomes of a pause; time passes by itself unless said */
  reader(
    change: Partial<ReaderSettings> = {},
    ports: { store?: EntryStore; source?: Source } = {},
    pause: (ms: number) => Promise<void> = async (ms) => void (this.nowMs += ms),
  ): Reader {
    const chance = { leaseId: () => `lease ${++this.leases}` as LeaseId, fraction: () => 0 };
    const clock = { nowMs: () => this.nowMs, databaseMs: () => this.databaseMs, pause };
    return new Reader(
      {
        store: ports.store ?? this.store,
        source: ports.source ?? this.source,
        statements: this.statements,
        clock,
        chance,
        listen: (event) => void this.events.push(event),
        schemaMoved: () => void (this.schemaMoves += 1),
      },
      { ...everyday, ...change },
    );
  }

  get source(): Source {
    return this.database.source(async (_, work) => work());
  }

  /** Commits and shows the transaction, and applies its change. */
  async change(transaction: Transaction, change: RowChange): Promise<void> {
    await this.database.commit(transaction, async (_, work) => work());
    await this.apply([change]);
  }

  async apply(
    changes: Parameters<Invalidator['apply']>[0]['changes'],
    { by = this.invalidator, offset = this.offset + 1n } = {},
  ): Promise<void> {
    this.offset = offset;
    const beat = { sequence: offset, seen: offset - 1n, xid: 1, commitMs: 1000, lsn: 1n };
    const heartbeat = { kind: 'heartbeat', ...beat, ...this.beat } as const;
    await by.apply({ changes: [...changes, heartbeat], position: { topic: 'changes', partition: 0, offset } });
  }
}
