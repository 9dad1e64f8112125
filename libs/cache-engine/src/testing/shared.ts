import { Channels } from './channels.js';
import { MemoryState } from './memory-state.js';
import { SmallDatabase, type Transaction } from './small-world.js';

/** How often something may still go wrong. */
export interface Misfortunes {
  readonly crashes: number;
  /** A second invalidator takes over while the first still runs. */
  readonly takeovers: number;
  readonly vanishings: number;
  readonly timeouts: number;
  /** The store loses all it holds. */
  readonly losses: number;
  /** The store is set back to what it once was. */
  readonly setbacks: number;
  /** The channel of a process breaks. */
  readonly breaks: number;
}

/** All that processes have in common. */
export class Shared {
  readonly store = new MemoryState();
  readonly database: SmallDatabase;
  readonly channels: Channels;
  /** Records of the log that are applied, and those whose offset is committed. */
  applied = 0;
  committed = 0;
  /** What the store may be set back to. */
  saved: MemoryState | undefined;
  firstEpoch = 0;
  /** Which invalidator the log belongs to. */
  owner = 0;

  constructor(
    private readonly transactions: readonly Transaction[],
    public left: Misfortunes,
    /** How many processes hear news. */
    private readonly listeners = 0,
  ) {
    this.database = new SmallDatabase(transactions);
    this.channels = new Channels(listeners);
    this.store.onNews = (news) => this.channels.tell(news, this.appliedXids);
  }

  /** Whoever listens has heard a watermark, and nothing since. */
  begin(): void {
    this.firstEpoch = this.store.epoch ?? 0;
    this.channels.become(new Channels(this.listeners));
  }

  breakChannel(listener: number): void {
    this.left = { ...this.left, breaks: this.left.breaks - 1 };
    this.channels.cut(listener);
  }

  copy(): Shared {
    const copy = new Shared(this.transactions, this.left, this.listeners);
    copy.become(this);
    return copy;
  }

  become(other: Shared): void {
    const { applied, committed, owner, left, saved } = other;
    Object.assign(this, { applied, committed, owner, left, saved });
    this.store.become(other.store);
    this.database.become(other.database);
    this.channels.become(other.channels);
  }

  /** For later. */
  save(): void {
    this.saved = new MemoryState();
    this.saved.become(this.store);
  }

  /** Transactions of which the last row is applied. */
  get appliedXids(): number[] {
    const records = this.database.log.slice(0, this.applied);
    return records.filter(({ second }) => second === undefined).map(({ xid }) => xid);
  }

  /** Equal texts mean that no step can tell the two apart. */
  get fingerprint(): string {
    const { applied, committed, owner, left, store, database } = this;
    const rest = [applied, committed, owner, ...Object.values<number>({ ...left })].join();
    const channels = this.listeners > 0 ? this.channels.fingerprint : '';
    return `${store.fingerprint}\n${database.fingerprint}\n${rest}\n${this.saved?.fingerprint}\n${channels}`;
  }
}
