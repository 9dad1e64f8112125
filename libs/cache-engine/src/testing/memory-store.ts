import {
  type CacheKey,
  type Scheme,
  schemeText,
  type StatementId,
  type TableName,
  type Tag,
} from '@freshet/cache-keys';
import { parseSnapshot, type PgSnapshot } from '../snapshot.js';
import {
  type ChangeStore,
  type Control,
  type EntryStore,
  type FenceRead,
  type Fill,
  type FillOutcome,
  type Found,
  type Hold,
  type LeaseId,
  type Member,
  type Progress,
  type Registered,
  type Registration,
  type Standing,
  type Stream,
  streamOf,
  type StreamPosition,
} from '../store.js';
import { StreamsTaken } from '../errors.js';
import { narrow, precedes } from '../xid.js';
import { MemoryState, type Slot } from './memory-state.js';

const HALF = 2 ** 31;
const RANGE = 2 ** 32;
/** Commits may overtake each other on their way into the log by that much. */
const DISORDER_MS = 1000;

/** Carries out one indivisible step of the store. Tests decide here who goes next. */
export type Pace = <T>(step: string, work: () => T) => Promise<T>;

export interface MemoryStoreOptions {
  /** How many fenced transactions are kept at least; 0 shows forgetting at work. */
  readonly enough: number;
  readonly pace: Pace;
}

const atOnce: Pace = async (_, work) => work();

/**
 * Both sides of the store in memory, cut into the same indivisible steps as in Redis: a pipeline there is several of them. For tests:
 * nothing expires by itself. Each object is a connection; they share what is stored by sharing the state.
 */
export class MemoryStore implements EntryStore, ChangeStore {
  protected readonly enough: number;
  protected readonly pace: Pace;

  constructor(
    options: Partial<MemoryStoreOptions> = {},
    readonly state = new MemoryState(),
  ) {
    this.enough = options.enough ?? 4096;
    this.pace = options.pace ?? atOnce;
  }

  async lookup(key: CacheKey, token?: bigint): Promise<Found> {
    const control = await this.pace('get control', () => this.control(token));
    const slot = await this.pace('get entry', () => this.state.slots.get(key));
    return { ...control, entry: slot?.kind === 'entry' ? slot.entry : undefined, leased: leaseOf(slot) !== undefined };
  }

  async register(r: Registration): Promise<Registered> {
    const taken = await this.pace(r.take ? 'take lease' : 'extend lease', () => this.hold(r));
    if (taken !== 'granted') return { kind: taken };
    for (const tag of r.tags) await this.pace('list under tag', () => this.list(tag, r.key));
    await this.pace('learn schemes', () => this.learn(r.schemes, r.footprints));
    return this.pace('get position', () => this.registered());
  }

  async judge(text: string, position: number): Promise<'stored' | 'unseen' | 'floor'> {
    return this.pace('judge', () => this.verdict(text, position));
  }

  async fill(fill: Fill): Promise<FillOutcome> {
    return this.pace('fill', () =>
      this.store(fill, this.holds(fill) ? this.verdict(fill.entry.snapshot, fill.position) : 'lost'),
    );
  }

  async release(key: CacheKey, lease: LeaseId): Promise<void> {
    await this.pace('release lease', () => this.holds({ key, lease }) && this.giveUp(key));
  }

  async position(): Promise<{ position: number; schemaVersion: number; epoch: number | undefined }> {
    return this.pace('get position', () => this.registered());
  }

  async putFacts(schemaVersion: number, facts: ReadonlyMap<TableName, string>): Promise<boolean> {
    return this.pace('put facts', () => {
      if (schemaVersion !== this.state.versions.schema) return false;
      this.state.facts = facts;
      this.state.versions.facts += 1;
      return true;
    });
  }

  async open(): Promise<{ opened: boolean }> {
    return this.pace('open', () => ({ opened: this.state.open() }));
  }

  async fence(xids: readonly number[], stream: { topic: string; partition: number }): Promise<FenceRead> {
    const { state } = this;
    if (xids.length > 0) await this.pace('write fence', () => this.enclose(xids));
    return this.pace('get versions', () => {
      const { schemes, facts } = state.versions;
      const { incarnation, pulse, hold } = state;
      return { incarnation, schemes, facts, offset: state.offsets.get(streamOf(stream)), pulse, hold };
    });
  }

  async schemes(): Promise<{ known: readonly Scheme[]; unreadable: readonly TableName[] }> {
    return this.pace('get schemes', () => ({ known: [...this.state.schemes.values()], unreadable: [] }));
  }

  async facts(): Promise<ReadonlyMap<TableName, string>> {
    return this.pace('get facts', () => this.state.facts);
  }

  async footprints(ids: readonly StatementId[]): Promise<ReadonlyMap<StatementId, string>> {
    const { footprints } = this.state;
    return this.pace('get footprints', () => new Map([...footprints].filter(([id]) => ids.includes(id))));
  }

  /** A page for each, as what is done about one and what is read of the next go on together. */
  async *members(tags: readonly Tag[]): AsyncIterable<ReadonlyMap<Tag, readonly Member[]>> {
    for (const tag of tags) {
      const members = await this.pace('get tag set', () => this.listed(tag));
      if (members.length > 0) yield new Map([[tag, members]]);
    }
  }

  async *tagsOf(table: TableName): AsyncIterable<readonly Tag[]> {
    yield await this.pace('scan tags', () =>
      [...this.state.tagSets.keys()].filter((tag) => tag.startsWith(`t:${table}:`)),
    );
  }

  async standings(keys: readonly CacheKey[]): Promise<readonly Standing[]> {
    return this.pace('get entries', () => keys.map((key) => this.standing(key)));
  }

  async remove(keys: readonly CacheKey[], listings: ReadonlyMap<Tag, readonly Member[]> = new Map()): Promise<number> {
    const removed = await this.unlink(keys);
    await this.drop(listings);
    return removed;
  }

  protected async unlink(keys: readonly CacheKey[]): Promise<number> {
    return this.pace('delete', () => {
      this.state.onNews({ kind: 'delete', keys });
      return keys.filter((key) => this.state.slots.delete(key)).length;
    });
  }

  async drop(listings: ReadonlyMap<Tag, readonly Member[]>): Promise<void> {
    for (const [tag, members] of listings) {
      await this.pace('drop listings', () => {
        const listed = this.state.tagSets.get(tag);
        for (const { key, score } of members) if (listed?.get(key) === score) listed.delete(key);
      });
    }
  }

  async schemaChanged(): Promise<void> {
    await this.pace('change schema', () => {
      this.state.facts = new Map();
      this.state.versions.facts += 1;
      this.state.versions.schema += 1;
    });
  }

  async publish(progress: Progress): Promise<void> {
    await this.pace('publish', () => this.advance(progress));
  }

  async holdFills(found: StreamPosition): Promise<void> {
    await this.pace('hold fills', () => {
      this.state.versions.holds += 1;
      const id = String(this.state.versions.holds);
      this.state.fenced.clear();
      this.state.completed.clear();
      this.state.floor = undefined;
      this.state.hold = { id, stream: streamOf(found), offset: found.offset };
    });
  }

  async resumeFills(hold: Hold, beyond: number): Promise<void> {
    await this.pace('resume fills', () => {
      if (this.state.hold?.id !== hold.id) return;
      this.raiseFloor(beyond);
      this.state.hold = undefined;
    });
  }

  async raiseEpoch(_reason: string): Promise<number> {
    return this.pace('raise epoch', () => {
      const epoch = (this.state.epoch ?? 0) + 1;
      this.state.epoch = epoch;
      this.state.onNews({ kind: 'epoch', epoch });
      return epoch;
    });
  }

  async positionOf(topic: string, partition: number): Promise<bigint | undefined> {
    return this.pace('get offset', () => this.state.offsets.get(streamOf({ topic, partition })));
  }

  async take(streams: readonly Stream[]): Promise<void> {
    await this.pace('take', () => {
      const names = streams.map(streamOf);
      if (names.join(' ') !== this.state.streams?.join(' ')) this.state.completed.clear();
      Object.assign(this.state, { streams: names, owner: this });
    });
  }

  async settle(ends: readonly StreamPosition[], watermarkMs: number): Promise<void> {
    await this.pace('settle', () => {
      this.checkOwner();
      const { offsets, watermarks } = this.state;
      for (const end of ends) {
        const stream = streamOf(end);
        const ms = watermarks.get(stream) ?? -Infinity;
        if ((offsets.get(stream) ?? -1n) + 1n >= end.offset) watermarks.set(stream, Math.max(ms, watermarkMs));
      }
      this.tellWatermark();
    });
  }

  async rewind(position: StreamPosition): Promise<void> {
    const stream = streamOf(position);
    await this.pace('rewind', () => {
      this.checkOwner();
      if (position.offset < 0n) this.state.offsets.delete(stream);
      else this.state.offsets.set(stream, position.offset);
      this.state.watermarks.delete(stream);
      this.state.pulse = undefined;
    });
  }

  protected control(token: bigint | undefined): Control & { readonly applied: boolean } {
    const { epoch, incarnation, versions, disabled, completed } = this.state;
    return {
      epoch: incarnation === undefined ? undefined : epoch,
      watermarkMs: this.state.watermarkMs,
      schemaVersion: versions.schema,
      disabled,
      applied: token === undefined || completed.has(narrow(token)),
    };
  }

  /** Drops what no later snapshot can miss, and remembers how far that went. */
  protected forget(xmin: number): void {
    const { state } = this;
    for (const xid of [...state.fenced.keys()]) {
      if (state.fenced.size <= this.enough) return;
      if (!precedes(xid, xmin)) continue;
      state.fenced.delete(xid);
      state.completed.delete(xid);
      this.raiseFloor(xid);
    }
  }

  protected raiseFloor(xid: number): void {
    if (this.state.floor === undefined || precedes(this.state.floor, xid)) this.state.floor = xid;
  }

  protected list(tag: Tag, key: CacheKey): void {
    const listed = this.state.tagSets.get(tag) ?? new Map<CacheKey, number>();
    this.state.versions.registrations += 1;
    listed.set(key, this.state.versions.registrations);
    this.state.tagSets.set(tag, listed);
  }

  protected verdict(text: string, position: number): 'stored' | 'unseen' | 'floor' {
    const snapshot = parseSnapshot(text);
    const { floor, fenced, hold } = this.state;
    if (snapshot === undefined || hold !== undefined) return 'floor';
    const xmin = narrow(snapshot.xmin);
    if (floor !== undefined && !precedes(floor, xmin)) return 'floor';
    for (const [xid, at] of fenced) if (at <= position && !seen(snapshot, xid)) return 'unseen';
    this.forget(xmin);
    return 'stored';
  }

  protected store({ key, entry }: Fill, verdict: FillOutcome): FillOutcome {
    const slot = this.state.slots.get(key);
    const reads = (slot?.kind === 'entry' ? slot.renewal?.reads : undefined) ?? slot?.reads ?? [];
    if (verdict === 'stored') this.state.slots.set(key, { kind: 'entry', entry, reads });
    else if (verdict !== 'lost') this.giveUp(key);
    if (verdict === 'stored' && slot?.kind === 'entry') this.state.onNews({ kind: 'delete', keys: [key] });
    return verdict;
  }

  private giveUp(key: CacheKey): void {
    const slot = this.state.slots.get(key);
    if (slot?.kind === 'entry') this.state.slots.set(key, { ...slot, renewal: undefined });
    else this.state.slots.delete(key);
  }

  protected holds({ key, lease }: { key: CacheKey; lease: LeaseId }): boolean {
    return leaseOf(this.state.slots.get(key)) === lease;
  }

  protected hold(r: Registration): 'granted' | 'held' | 'filled' | 'lost' {
    const slot = this.state.slots.get(r.key);
    if (r.beside) return this.holdBeside(r, slot);
    if (r.take) {
      if (slot?.kind === 'lease') return 'held';
      if (slot !== undefined && slot.entry.epoch >= r.epoch) return 'filled';
    } else if (!this.holds(r)) return 'lost';
    this.state.slots.set(r.key, { kind: 'lease', lease: r.lease, reads: r.reads });
    if (r.take) this.state.onNews({ kind: 'delete', keys: [r.key] });
    return 'granted';
  }

  private holdBeside(r: Registration, slot: Slot | undefined): 'granted' | 'held' | 'filled' | 'lost' {
    if (!r.take && !this.holds(r)) return 'lost';
    if (r.take && leaseOf(slot) !== undefined) return 'held';
    if (slot?.kind !== 'entry' || slot.entry.epoch !== r.epoch) return 'filled';
    this.state.slots.set(r.key, { ...slot, renewal: { lease: r.lease, reads: r.reads } });
    return 'granted';
  }

  protected registered(): Registered & { kind: 'registered' } {
    const { position, schema } = this.state.versions;
    return { kind: 'registered', position, epoch: this.state.epoch ?? -1, schemaVersion: schema };
  }

  protected learn(schemes: readonly Scheme[], footprints: ReadonlyMap<StatementId, string>): void {
    const { state } = this;
    for (const scheme of schemes) {
      const text = `${scheme.table}:${schemeText(scheme)}`;
      if (!state.schemes.has(text)) state.versions.schemes += 1;
      state.schemes.set(text, scheme);
    }
    for (const [id, json] of footprints) state.footprints.set(id, json);
  }

  protected standing(key: CacheKey): Standing {
    const slot = this.state.slots.get(key);
    if (slot === undefined) return { kind: 'gone' };
    if (slot.kind === 'lease') return { kind: 'lease', reads: slot.reads };
    const { reads, renewal, entry } = slot;
    if (renewal !== undefined) return { kind: 'lease', reads: [...reads, ...renewal.reads] };
    return { kind: 'entry', reads, snapshot: entry.snapshot };
  }

  private listed(tag: Tag): Member[] {
    return [...(this.state.tagSets.get(tag) ?? [])].map(([key, score]) => ({ key, score }));
  }

  private enclose(xids: readonly number[]): void {
    const { versions, fenced } = this.state;
    versions.position += 1;
    for (const xid of xids) if (!fenced.has(xid)) fenced.set(xid, versions.position);
  }

  /** Who never took anything may do as it likes: tests. */
  private checkOwner(): void {
    if (this.state.owner !== undefined && this.state.owner !== this) throw new StreamsTaken();
  }

  private tellWatermark(): void {
    const { watermarkMs: ms, epoch = 0 } = this.state;
    if (ms !== undefined) this.state.onNews({ kind: 'watermark', ms, epoch });
  }

  private advance({ position, watermarkMs, pulse, pulseBroken, completed }: Progress): void {
    this.checkOwner();
    const { state } = this;
    const stream = streamOf(position);
    const offset = state.offsets.get(stream);
    const further = offset === undefined || position.offset > offset;
    if (further) state.offsets.set(stream, position.offset);
    const watermark = state.watermarks.get(stream) ?? -Infinity;
    const setBack = further && (watermarkMs ?? Infinity) < watermark - DISORDER_MS;
    if (watermarkMs !== undefined) {
      state.watermarks.set(stream, setBack ? watermarkMs : Math.max(watermark, watermarkMs));
    }
    this.tellWatermark();
    if ((state.streams?.length ?? state.watermarks.size) <= 1) for (const xid of completed) state.completed.add(xid);
    if (pulse === undefined) return;
    if (pulseBroken || pulse.sequence > (state.pulse?.sequence ?? -1n)) state.pulse = pulse;
  }
}

function leaseOf(slot: Slot | undefined): LeaseId | undefined {
  return slot?.kind === 'entry' ? slot.renewal?.lease : slot?.lease;
}

function seen(snapshot: PgSnapshot, xid: number): boolean {
  const ahead = (xid - narrow(snapshot.xmax) + RANGE) % RANGE;
  return ahead >= HALF && !snapshot.xip.some((running) => narrow(running) === xid);
}
