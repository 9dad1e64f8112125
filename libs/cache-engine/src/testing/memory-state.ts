import { type CacheKey, type Scheme, type StatementId, type TableName, type Tag } from '@freshet/cache-keys';
import { type Pulse } from '../pulse.js';
import { type CacheEntry, type EntryRead, type Hold, type LeaseId, type News } from '../store.js';

export type Slot =
  | { readonly kind: 'lease'; readonly lease: LeaseId; readonly reads: readonly EntryRead[] }
  | {
      readonly kind: 'entry';
      readonly entry: CacheEntry;
      readonly reads: readonly EntryRead[];
      /** A lease beside the entry, which is being loaded anew. */
      readonly renewal?: { readonly lease: LeaseId; readonly reads: readonly EntryRead[] } | undefined;
    };

/** All that a store in memory holds; several connections may share one. */
export class MemoryState {
  readonly slots = new Map<CacheKey, Slot>();
  readonly tagSets = new Map<Tag, Map<CacheKey, number>>();
  /** 32-bit transaction id → the fence position it was written at. */
  readonly fenced = new Map<number, number>();
  /** Transactions of which no row change is to come. */
  readonly completed = new Set<number>();
  readonly schemes = new Map<string, Scheme>();
  readonly footprints = new Map<StatementId, string>();
  facts: ReadonlyMap<TableName, string> = new Map();
  readonly offsets = new Map<string, bigint>();
  readonly watermarks = new Map<string, number>();
  readonly versions = { position: 0, schemes: 0, facts: 0, schema: 0, registrations: 0, incarnations: 0, holds: 0 };
  epoch: number | undefined;
  incarnation: string | undefined;
  floor: number | undefined;
  pulse: Pulse | undefined;
  hold: Hold | undefined;
  disabled: readonly string[] = [];
  /** All there are; undefined until somebody took them. */
  streams: readonly string[] | undefined;
  /** Who took them: a connection. */
  owner: object | undefined;
  /** Told to near caches, in the same step as what it is about. */
  onNews: (news: News) => void = () => undefined;

  /** The least of its streams; unknown while one of them has none. */
  get watermarkMs(): number | undefined {
    const all = (this.streams ?? [...this.watermarks.keys()]).map((stream) => this.watermarks.get(stream));
    const known = all.filter((ms) => ms !== undefined);
    return known.length === 0 || known.length < all.length ? undefined : Math.min(...known);
  }

  open(): boolean {
    if (this.incarnation !== undefined) return false;
    const { versions } = this;
    versions.incarnations += 1;
    versions.schema += 1;
    versions.facts += 1;
    this.facts = new Map();
    this.incarnation = `store ${versions.incarnations}`;
    this.epoch = 1000 * versions.incarnations;
    return true;
  }

  /** Everything is gone but what comes from the time of day. */
  lose(): void {
    const { incarnations, schema, facts } = this.versions;
    for (const map of [this.slots, this.tagSets, this.fenced, this.schemes, this.footprints]) map.clear();
    for (const map of [this.offsets, this.watermarks]) map.clear();
    this.completed.clear();
    Object.assign(this.versions, { position: 0, schemes: 0, facts, schema, registrations: 0, incarnations });
    Object.assign(this, { epoch: undefined, incarnation: undefined, floor: undefined, pulse: undefined });
    Object.assign(this, { hold: undefined, streams: undefined, owner: undefined });
    this.facts = new Map();
  }

  /** Another server takes over with what once was: nothing is open there, and what comes from the time of day goes on. */
  setBack(once: MemoryState): void {
    const { incarnations, schema, facts } = this.versions;
    this.become(once);
    Object.assign(this.versions, { incarnations, schema, facts });
    this.incarnation = undefined;
  }

  /** Becomes equal to another state; neither changes with the other from then on. Who is told news stays. */
  become(other: MemoryState): void {
    for (const part of MAPS) copyInto<unknown, unknown>(this[part], other[part]);
    copyInto(this.tagSets, other.tagSets, (listed) => new Map(listed));
    this.completed.clear();
    for (const xid of other.completed) this.completed.add(xid);
    Object.assign(this.versions, other.versions);
    const { facts, epoch, incarnation, floor, pulse, hold, disabled } = other;
    Object.assign(this, { facts, epoch, incarnation, floor, pulse, hold, disabled });
  }

  /** Equal texts mean that no step can tell the two states apart. Footprints and facts are left out: they never change their meaning. */
  get fingerprint(): string {
    const { versions: v, epoch, incarnation, floor, pulse, hold } = this;
    let text = `${v.position} ${v.schemes} ${v.facts} ${v.schema} ${v.registrations} ${v.incarnations} ${v.holds}`;
    text += ` ${epoch} ${incarnation} ${floor} ${this.facts.size} ${[...this.completed].join()}`;
    if (pulse !== undefined || hold !== undefined) text += textOf([pulse, hold]);
    for (const [key, slot] of this.slots) text += `\n${key} ${textOf(slot)}`;
    for (const [tag, listed] of this.tagSets) {
      text += `\n${tag}`;
      for (const [key, score] of listed) text += ` ${key} ${score}`;
    }
    for (const part of [this.fenced, this.offsets, this.watermarks]) text += `\n${[...part].join(' ')}`;
    return `${text}\n${[...this.schemes.keys()].join()}`;
  }
}

const MAPS = ['slots', 'fenced', 'schemes', 'footprints', 'offsets', 'watermarks'] as const;

function copyInto<K, V>(target: Map<K, V>, from: ReadonlyMap<K, V>, copy = (value: V): V => value): void {
  target.clear();
  for (const [key, value] of from) target.set(key, copy(value));
}

const texts = new WeakMap<object, string>();

/** JSON of anything that a step may store or answer with. Such things never change, so that each is written out once. */
export function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? `${value}n` : String(value);
  const known = texts.get(value) ?? JSON.stringify(value, (_, part: unknown) => readable(part));
  texts.set(value, known);
  return known;
}

/** What JSON has no form for, in one that it has. */
export function readable(part: unknown): unknown {
  if (typeof part === 'bigint') return `${part}n`;
  if (part instanceof Map || part instanceof Set) return [...(part as Iterable<unknown>)];
  return part;
}
