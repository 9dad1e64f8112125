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
  type CacheEntry,
  type ChangeStore,
  type EntryRead,
  type EntryStore,
  type FenceRead,
  type Fill,
  type FillOutcome,
  type Found,
  type LeaseId,
  type Member,
  type Progress,
  type Registered,
  type Registration,
  type Standing,
  type StreamPosition,
} from '../store.js';
import { narrow, precedes } from '../xid.js';

type Slot =
  | { kind: 'lease'; lease: LeaseId; reads: readonly EntryRead[] }
  | { kind: 'entry'; entry: CacheEntry; reads: readonly EntryRead[] };

const HALF = 2 ** 31;
const RANGE = 2 ** 32;

/** How many fenced transactions are kept at least; the scheduler sets it to 0 to see forgetting at work. */
export interface MemoryStoreOptions {
  readonly enough: number;
}

/** Both sides of the store in memory, each method one step. For tests: it keeps nothing and never expires by itself. */
export class MemoryStore implements EntryStore, ChangeStore {
  readonly slots = new Map<CacheKey, Slot>();
  readonly tagSets = new Map<Tag, Map<CacheKey, number>>();
  private readonly fenced = new Map<number, number>();
  private readonly schemeTexts = new Map<string, Scheme>();
  private readonly footprintTexts = new Map<StatementId, string>();
  private factTexts: ReadonlyMap<TableName, string> = new Map();
  private readonly offsets = new Map<string, bigint>();
  private readonly watermarks = new Map<string, number>();
  private versions = { position: 0, schemes: 0, facts: 0, schema: 0, registrations: 0, incarnations: 0 };
  private epoch: number | undefined;
  private incarnation: string | undefined;
  private floor: number | undefined;
  private heartbeat: bigint | undefined;
  disabled: readonly string[] = [];

  constructor(private readonly options: MemoryStoreOptions = { enough: 4096 }) {}

  async lookup(key: CacheKey, token?: bigint): Promise<Found> {
    const slot = this.slots.get(key);
    return {
      entry: slot?.kind === 'entry' ? slot.entry : undefined,
      leased: slot?.kind === 'lease',
      epoch: this.epoch,
      watermarkMs: this.watermarks.size === 0 ? undefined : Math.min(...this.watermarks.values()),
      schemaVersion: this.versions.schema,
      disabled: this.disabled,
      applied: token === undefined || this.fenced.has(narrow(token)),
    };
  }

  async register(r: Registration): Promise<Registered> {
    const slot = this.slots.get(r.key);
    if (r.take) {
      if (slot?.kind === 'lease') return { kind: 'held' };
      if (slot !== undefined && slot.entry.epoch >= r.epoch) return { kind: 'filled' };
    } else if (slot?.kind !== 'lease' || slot.lease !== r.lease) return { kind: 'lost' };
    this.slots.set(r.key, { kind: 'lease', lease: r.lease, reads: r.reads });
    for (const tag of r.tags) this.list(tag, r.key);
    for (const scheme of r.schemes) this.learn(scheme);
    for (const [id, json] of r.footprints) this.footprintTexts.set(id, json);
    const { position, schema } = this.versions;
    return { kind: 'registered', position, epoch: this.epoch ?? -1, schemaVersion: schema };
  }

  async judge(text: string, position: number): Promise<'stored' | 'unseen' | 'floor'> {
    const snapshot = parseSnapshot(text);
    if (snapshot === undefined) return 'floor';
    const xmin = narrow(snapshot.xmin);
    if (this.floor !== undefined && !precedes(this.floor, xmin)) return 'floor';
    for (const [xid, at] of this.fenced) if (at <= position && !this.seen(snapshot, xid)) return 'unseen';
    this.forget(xmin);
    return 'stored';
  }

  async fill({ key, lease, entry, position }: Fill): Promise<FillOutcome> {
    const slot = this.slots.get(key);
    if (slot?.kind !== 'lease' || slot.lease !== lease) return 'lost';
    const verdict = await this.judge(entry.snapshot, position);
    if (verdict === 'stored') this.slots.set(key, { kind: 'entry', entry, reads: slot.reads });
    else this.slots.delete(key);
    return verdict;
  }

  async release(key: CacheKey, lease: LeaseId): Promise<void> {
    const slot = this.slots.get(key);
    if (slot?.kind === 'lease' && slot.lease === lease) this.slots.delete(key);
  }

  async position(): Promise<{ position: number; schemaVersion: number; epoch: number | undefined }> {
    return { position: this.versions.position, schemaVersion: this.versions.schema, epoch: this.epoch };
  }

  async putFacts(schemaVersion: number, facts: ReadonlyMap<TableName, string>): Promise<boolean> {
    if (schemaVersion !== this.versions.schema) return false;
    this.factTexts = facts;
    this.versions.facts += 1;
    return true;
  }

  async open(): Promise<{ opened: boolean }> {
    if (this.incarnation !== undefined) return { opened: false };
    this.versions.incarnations += 1;
    this.incarnation = `store ${this.versions.incarnations}`;
    this.epoch ??= 1000 * this.versions.incarnations;
    return { opened: true };
  }

  async fence(xids: readonly number[], stream: { topic: string; partition: number }): Promise<FenceRead> {
    if (xids.length > 0) {
      this.versions.position += 1;
      for (const xid of xids) if (!this.fenced.has(xid)) this.fenced.set(xid, this.versions.position);
    }
    const offset = this.offsets.get(streamOf(stream));
    const { schemes, facts } = this.versions;
    return { incarnation: this.incarnation, schemes, facts, offset, heartbeat: this.heartbeat };
  }

  async schemes(): Promise<readonly Scheme[]> {
    return [...this.schemeTexts.values()];
  }

  async facts(): Promise<ReadonlyMap<TableName, string>> {
    return this.factTexts;
  }

  async footprints(ids: readonly StatementId[]): Promise<ReadonlyMap<StatementId, string>> {
    return new Map(ids.flatMap((id) => (this.footprintTexts.has(id) ? [[id, this.footprintTexts.get(id) ?? '']] : [])));
  }

  async *members(tags: readonly Tag[]): AsyncIterable<ReadonlyMap<Tag, readonly Member[]>> {
    const page = new Map<Tag, Member[]>();
    for (const tag of tags) {
      const members = [...(this.tagSets.get(tag) ?? [])].map(([key, score]) => ({ key, score }));
      if (members.length > 0) page.set(tag, members);
    }
    if (page.size > 0) yield page;
  }

  async *tagsOf(table: TableName): AsyncIterable<readonly Tag[]> {
    yield [...this.tagSets.keys()].filter((tag) => tag.startsWith(`t:${table}:`));
  }

  async standings(keys: readonly CacheKey[]): Promise<readonly Standing[]> {
    return keys.map((key) => {
      const slot = this.slots.get(key);
      if (slot === undefined) return { kind: 'gone' };
      if (slot.kind === 'lease') return { kind: 'lease', reads: slot.reads };
      return { kind: 'entry', reads: slot.reads, snapshot: slot.entry.snapshot };
    });
  }

  async remove(keys: readonly CacheKey[]): Promise<number> {
    return keys.filter((key) => this.slots.delete(key)).length;
  }

  async drop(tag: Tag, members: readonly Member[]): Promise<void> {
    const listed = this.tagSets.get(tag);
    for (const { key, score } of members) if (listed?.get(key) === score) listed.delete(key);
  }

  async schemaChanged(): Promise<void> {
    this.factTexts = new Map();
    this.versions.facts += 1;
    this.versions.schema += 1;
  }

  async publish({ position, watermarkMs, heartbeat }: Progress): Promise<void> {
    const stream = streamOf(position);
    const offset = this.offsets.get(stream);
    if (offset === undefined || position.offset > offset) this.offsets.set(stream, position.offset);
    if (watermarkMs !== undefined) {
      this.watermarks.set(stream, Math.max(this.watermarks.get(stream) ?? -Infinity, watermarkMs));
    }
    if (heartbeat !== undefined && (this.heartbeat === undefined || heartbeat > this.heartbeat))
      this.heartbeat = heartbeat;
  }

  async raiseEpoch(_reason: string): Promise<number> {
    this.epoch = (this.epoch ?? 0) + 1;
    return this.epoch;
  }

  async positionOf(topic: string, partition: number): Promise<bigint | undefined> {
    return this.offsets.get(streamOf({ topic, partition }));
  }

  async rewind(position: StreamPosition): Promise<void> {
    const stream = streamOf(position);
    if (position.offset < 0n) this.offsets.delete(stream);
    else this.offsets.set(stream, position.offset);
    this.watermarks.delete(stream);
    this.heartbeat = undefined;
  }

  private seen(snapshot: PgSnapshot, xid: number): boolean {
    const ahead = (xid - narrow(snapshot.xmax) + RANGE) % RANGE;
    return ahead >= HALF && !snapshot.xip.some((running) => narrow(running) === xid);
  }

  private forget(xmin: number): void {
    for (const xid of [...this.fenced.keys()]) {
      if (this.fenced.size <= this.options.enough) return;
      if (!precedes(xid, xmin)) continue;
      this.fenced.delete(xid);
      if (this.floor === undefined || precedes(this.floor, xid)) this.floor = xid;
    }
  }

  private list(tag: Tag, key: CacheKey): void {
    const listed = this.tagSets.get(tag) ?? new Map<CacheKey, number>();
    this.versions.registrations += 1;
    listed.set(key, this.versions.registrations);
    this.tagSets.set(tag, listed);
  }

  private learn(scheme: Scheme): void {
    const text = `${scheme.table}:${schemeText(scheme)}`;
    if (this.schemeTexts.has(text)) return;
    this.schemeTexts.set(text, scheme);
    this.versions.schemes += 1;
  }
}

function streamOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`;
}
