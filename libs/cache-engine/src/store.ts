import { type CacheKey, type Scheme, type StatementId, type TableName, type Tag } from '@freshet/cache-keys';
import { type SqlValue } from '@freshet/footprint';
import { type Pulse } from './pulse.js';

/** The token a reader stores in an entry's place. No two are ever equal. */
export type LeaseId = string & { readonly brand: 'LeaseId' };

/** One statement an entry was made from: which rows could have mattered follows from its footprint and these values. */
export interface EntryRead {
  readonly statement: StatementId;
  readonly values: readonly SqlValue[];
}

/** Small facts stored beside the body. */
export type Meta = Readonly<Record<string, string | number | boolean | null>>;

/** A stored answer. */
export interface CacheEntry {
  readonly body: Buffer;
  readonly status: number;
  readonly meta: Meta;
  readonly etag: string;
  /** `pg_current_snapshot()` of its rows. */
  readonly snapshot: string;
  readonly epoch: number;
  /** By the store's reader's clock; for `Age` only. */
  readonly storedAtMs: number;
  readonly ttlSeconds: number;
}

/** What stands in front of every entry. */
export interface Control {
  /** Undefined until an invalidator has opened the store: nothing may be served from it or stored in it before. */
  readonly epoch: number | undefined;
  /** Every commit at or before this moment (database clock) is applied. Undefined until the first one is. */
  readonly watermarkMs: number | undefined;
  /** Raised by every schema change in the log. */
  readonly schemaVersion: number;
  /** Models switched off by an operator; `*` is all of them. */
  readonly disabled: readonly string[];
}

export interface Found extends Control {
  /** Undefined where there is none, or only a lease. */
  readonly entry: CacheEntry | undefined;
  /** Whether a reader is at work on it, also beside an entry. */
  readonly leased: boolean;
  /** Whether the asked transaction is known to be applied to the last row; true where none was asked for. */
  readonly applied: boolean;
}

export interface Registration {
  readonly key: CacheKey;
  readonly lease: LeaseId;
  /** True for the first registration of a lease: takes it. Later ones only go on while it is held. */
  readonly take: boolean;
  /** Takes the lease beside an entry of this epoch, which stays readable until the fill, or not at all. For entries close to their end. */
  readonly beside: boolean;
  readonly leaseMs: number;
  /** An entry of an older epoch does not keep the lease from being taken. */
  readonly epoch: number;
  /** All reads so far, the new ones included. */
  readonly reads: readonly EntryRead[];
  readonly tags: readonly Tag[];
  readonly schemes: readonly Scheme[];
  /** Statement id → the footprint as JSON. Written where the store does not know it yet. */
  readonly footprints: ReadonlyMap<StatementId, string>;
  /** How long the tags must list the key: longer than any entry filled under this lease lives. */
  readonly memberSeconds: number;
}

/**
 * - registered: `position` was read after everything else was stored.
 * - held: another reader holds the lease.
 * - filled: the entry is there by now.
 * - lost: the lease was taken by this reader and is void.
 */
export type Registered =
  | { readonly kind: 'registered'; readonly position: number; readonly epoch: number; readonly schemaVersion: number }
  | { readonly kind: 'held' }
  | { readonly kind: 'filled' }
  | { readonly kind: 'lost' };

export interface Fill {
  readonly key: CacheKey;
  readonly lease: LeaseId;
  readonly entry: CacheEntry;
  /** The fence position of the last registration. */
  readonly position: number;
}

/**
 * - stored: checked and kept.
 * - unseen: the fence holds, at or below the position, a transaction that the snapshot does not see.
 * - floor: the fence may lack one that the snapshot lacks too: it has forgotten it, or fills are on hold.
 * - lost: the key no longer holds the lease.
 * - full: the store has no room.
 */
export type FillOutcome = 'stored' | 'unseen' | 'floor' | 'lost' | 'full';

/** What a reader needs of the store. Every method throws StoreUnavailable when the store cannot be reached in time. */
export interface EntryStore {
  /**
   * The control, what is known of the token, and the entry in one round trip, read in that order: whatever the control says is applied
   * is then true of the entry.
   */
  lookup(key: CacheKey, token?: bigint): Promise<Found>;
  /**
   * In this order: the lease with its reads (near caches are told of the key, unless the entry stays), the tags, schemes and footprints;
   * then the position is read.
   */
  register(registration: Registration): Promise<Registered>;
  /**
   * The visibility check: 'stored' stands for "covers it". Also reports the snapshot's xmin, below which the fence may forget.
   * Used alone for what is not an entry (the catalogue); `fill` includes it.
   */
  judge(snapshot: string, position: number): Promise<'stored' | 'unseen' | 'floor'>;
  /**
   * Checks, then stores the entry in its lease's place, atomically where the store can; a lease voided in between always wins. An entry
   * that it takes the place of goes from near caches too: what is judged from then on is the new one. One that stood beside a lease whose
   * fill is refused stays.
   */
  fill(fill: Fill): Promise<FillOutcome>;
  /** Gives the lease up, if it is still this one; an entry beside it stays. */
  release(key: CacheKey, lease: LeaseId): Promise<void>;
  /** The current position of the fence and the schema version. */
  position(): Promise<{ position: number; schemaVersion: number; epoch: number | undefined }>;
  /** Replaces the facts of all tables, unless a schema change came after `schemaVersion`. Resolves to whether it did. */
  putFacts(schemaVersion: number, facts: ReadonlyMap<TableName, string>): Promise<boolean>;
}

/** One listing of an entry in a tag set. The score is unique to the registration that wrote it. */
export interface Member {
  readonly key: CacheKey;
  readonly score: number;
  /** What stood at the key when it was listed, where the store can tell both in one step; once a page. */
  readonly standing?: Standing | undefined;
}

/** What stands at an entry's key, as far as invalidation needs it. An entry with a lease beside it is a lease with the reads of both. */
export type Standing =
  | { readonly kind: 'gone' }
  | { readonly kind: 'lease'; readonly reads: readonly EntryRead[] | undefined }
  | { readonly kind: 'entry'; readonly reads: readonly EntryRead[] | undefined; readonly snapshot: string };

/** One ordered part of the log. */
export interface Stream {
  readonly topic: string;
  readonly partition: number;
}

/** What it is called where a name has to be one string. */
export function streamOf({ topic, partition }: Stream): string {
  return `${topic}/${partition}`;
}

export interface StreamPosition extends Stream {
  /** Of the last record that is applied. */
  readonly offset: bigint;
}

/** Something of the log was lost at this place, so no fill can be checked. Ends with a proof: see `HoldWatch`. */
export interface Hold {
  /** No two holds share it. */
  readonly id: string;
  readonly stream: string;
  /** Of the last record of the slice in which the loss was found. */
  readonly offset: bigint;
}

/** What an invalidator reads right after it wrote the fence. */
export interface FenceRead {
  /** Changes when the store lost its state; undefined while the store is not open. */
  readonly incarnation: string | undefined;
  /** Schemes and facts kept in memory are good only while these stand still. */
  readonly schemes: number;
  readonly facts: number;
  /** The last published offset of the stream, and the last pulse. */
  readonly offset: bigint | undefined;
  readonly pulse: Pulse | undefined;
  /** Undefined while fills are checked as usual. */
  readonly hold: Hold | undefined;
}

export interface Progress {
  readonly position: StreamPosition;
  /** Undefined leaves the watermark where it is. */
  readonly watermarkMs: number | undefined;
  /** After the heartbeats of the batch, where it held one. */
  readonly pulse: Pulse | undefined;
  /** The numbers of the heartbeats start anew: this pulse replaces one with a larger number. */
  readonly pulseBroken: boolean;
  /**
   * Transactions of which this stream has no more to come. The fence holds them from before their first delete. With several streams
   * the rest of one may come in another, so nothing counts as applied by its id then.
   */
  readonly completed: readonly number[];
}

/** What an invalidator needs of the store. Every method throws StoreUnavailable; none may be skipped or swallowed. */
export interface ChangeStore {
  /** Opens an empty store under an epoch that no earlier one had. Does nothing to a store in use. */
  open(): Promise<{ opened: boolean }>;
  /**
   * From now on whoever called this publishes, and nobody else: one that was frozen and wakes up later must not move what is another's.
   * The streams are all there are: the watermark is the least of theirs, and unknown while one of them has none.
   */
  take(streams: readonly Stream[]): Promise<void>;
  /** Adds the transactions to the fence under one new position; then, and only then, reads. */
  fence(xids: readonly number[], stream: Stream): Promise<FenceRead>;
  /** Of a table with a scheme that cannot be read (a newer version wrote it) no tag can be told: its changes delete by table. */
  schemes(): Promise<{ readonly known: readonly Scheme[]; readonly unreadable: readonly TableName[] }>;
  facts(): Promise<ReadonlyMap<TableName, string>>;
  footprints(ids: readonly StatementId[]): Promise<ReadonlyMap<StatementId, string>>;
  /** The members of one tag set in pages, so that no single command is long. A member added meanwhile may be missed. */
  members(tags: readonly Tag[]): AsyncIterable<ReadonlyMap<Tag, readonly Member[]>>;
  /** Every tag set of the table, in pages. */
  tagsOf(table: TableName): AsyncIterable<readonly Tag[]>;
  standings(keys: readonly CacheKey[]): Promise<readonly Standing[]>;
  /**
   * Deletes entries and leases, then drops those listings: one that outlives its entry costs a look, the reverse would lose an entry.
   * Resolves to how many were there. Near caches are told of all, also of what was not there.
   */
  remove(keys: readonly CacheKey[], listings?: ReadonlyMap<Tag, readonly Member[]>): Promise<number>;
  /** Takes members off their tag sets, each only while it still has that score. */
  drop(listings: ReadonlyMap<Tag, readonly Member[]>): Promise<void>;
  /** Marks a schema change: forgets all facts and raises the schema version. */
  schemaChanged(): Promise<void>;
  /**
   * Moves watermark, position and pulse forward, and tells the near caches. Back goes a watermark only with the database's clock.
   * @throws StreamsTaken
   */
  publish(progress: Progress): Promise<void>;
  /**
   * Moves the watermarks of streams in which nothing is to come up to that moment: of each whose applied position stands just before the
   * given offset, its end.
   * @throws StreamsTaken
   */
  settle(ends: readonly StreamPosition[], watermarkMs: number): Promise<void>;
  /** From now on every fill is refused, and what the fence held is forgotten. To be called before the epoch is raised. */
  holdFills(found: StreamPosition): Promise<void>;
  /** Ends that hold, if it still stands: fills need a snapshot in which every transaction up to `beyond` is over. */
  resumeFills(hold: Hold, beyond: number): Promise<void>;
  /** Abandons everything that is stored. */
  raiseEpoch(reason: string): Promise<number>;
  positionOf(topic: string, partition: number): Promise<bigint | undefined>;
  /**
   * Sets the position back on purpose: an operator replays the log.
   * @throws StreamsTaken
   */
  rewind(position: StreamPosition): Promise<void>;
}

/** What near caches are told, in the order in which it happened: a watermark comes after every delete that it stands for. */
export type News =
  | { readonly kind: 'delete'; readonly keys: readonly CacheKey[] }
  /** Of what is stored under that epoch. */
  | { readonly kind: 'watermark'; readonly ms: number; readonly epoch: number }
  | { readonly kind: 'epoch'; readonly epoch: number };
