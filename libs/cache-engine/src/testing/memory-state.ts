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
  /** Told to near caches, in the same step as what it is about. */
  onNews: (news: News) => void = () => undefined;

  /** The least of its streams. */
  get watermarkMs(): number | undefined {
    return this.watermarks.size === 0 ? undefined : Math.min(...this.watermarks.values());
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
    this.hold = undefined;
    this.facts = new Map();
  }

  /** Equal texts mean that no step can tell the two states apart. Footprints and facts are left out: they never change their meaning. */
  get fingerprint(): string {
    const { slots, tagSets, fenced, completed, offsets, watermarks, versions, epoch, incarnation, floor, pulse } = this;
    const listed = [...tagSets].map(([tag, members]) => [tag, [...members]]);
    const parts = [
      [...slots],
      listed,
      [...fenced],
      [...completed],
      [...this.schemes.keys()],
      [...offsets],
      [...watermarks],
    ];
    return textOf([parts, versions, epoch, incarnation, floor, pulse, this.hold, this.facts.size]);
  }
}

/** JSON of anything a step may answer with. */
export function textOf(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'bigint') return `${part}n`;
      if (part instanceof Map) return [...(part as Map<unknown, unknown>)];
      return part;
    }) ?? 'undefined'
  );
}
