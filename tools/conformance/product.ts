import { schemeText, tableName, type Scheme, type TableName, type Tag } from '@freshet/cache-keys';
import {
  analyse, changeTags, coalesce, compileMatcher, readTags, refuseValues, schemaChangeMatters,
  type BoundMatcher, type Catalog, type Footprint, type ReadTags, type SqlValue, type TableFacts,
} from '@freshet/footprint'; // prettier-ignore
import type { RowChange, TableRef } from '@freshet/row-change';
import type { Entry } from './case.js';

/** What one transaction did, as a source of changes tells it. */
export interface TransactionNews {
  readonly rows: readonly RowChange[];
  readonly truncated: readonly TableRef[];
  /** Tables whose schema changed; an empty list: any; undefined: none. */
  readonly schema: readonly TableRef[] | undefined;
}

interface Registration extends ReadTags {
  readonly footprint: Footprint;
  readonly matches: BoundMatcher;
}

/** What a product is made of; tests replace a part by a wrong one. */
export interface Parts {
  readonly analyse: typeof analyse;
  readonly readTags: typeof readTags;
  readonly compileMatcher: typeof compileMatcher;
  /** What the invalidator believes of a table. */
  readonly believe: (facts: TableFacts) => TableFacts;
}

export const PARTS: Parts = { analyse, readTags, compileMatcher, believe: (facts) => facts };

/** The engine's index in miniature: entries by tag, schemes by table; a change deletes what its tags list and its images affect. */
export class Product {
  /** Where the matcher came to grief: deleted, and yet a bug. */
  readonly faults: string[] = [];
  private readonly cached = new Map<string, Registration>();
  private readonly refused = new Set<string>();
  /** Under the catalogue of now; undefined: refused. */
  private readonly registrations = new Map<string, Registration | undefined>();
  private readonly byTag = new Map<Tag, Set<string>>();
  private readonly schemes = new Map<TableName, Map<string, Scheme>>();

  constructor(
    private readonly entries: readonly Entry[],
    private catalog: Catalog,
    private readonly parts = PARTS,
  ) {
    this.fill();
  }

  refusedIds(): readonly string[] {
    return [...this.refused].sort();
  }

  fill(): void {
    for (const entry of this.entries) if (!this.cached.has(entry.id)) this.register(entry);
  }

  private register(entry: Entry): void {
    const known = this.registrations.has(entry.id) ? this.registrations.get(entry.id) : this.prepare(entry);
    this.registrations.set(entry.id, known);
    if (known === undefined) {
      this.refused.add(entry.id);
      return;
    }
    this.refused.delete(entry.id);
    for (const scheme of known.schemes) this.schemesOf(scheme.table).set(schemeText(scheme), scheme);
    for (const tag of known.tags) this.byTag.set(tag, (this.byTag.get(tag) ?? new Set()).add(entry.id));
    this.cached.set(entry.id, known);
  }

  private prepare(entry: Entry): Registration | undefined {
    const analysis = this.parts.analyse({ name: entry.id, text: entry.sql }, this.catalog);
    const values = (entry.params ?? []).map(sqlValue);
    if (analysis.kind === 'refused' || refuseValues(analysis.footprint, values) !== undefined) return undefined;
    // Footprints live in Redis as JSON: nothing may be lost on the way.
    const footprint = JSON.parse(JSON.stringify(analysis.footprint)) as Footprint;
    const matches = this.parts.compileMatcher(footprint).bind(values);
    return { footprint, matches, ...this.parts.readTags(footprint, values) };
  }

  private schemesOf(table: TableName): Map<string, Scheme> {
    const known = this.schemes.get(table) ?? new Map<string, Scheme>();
    this.schemes.set(table, known);
    return known;
  }

  /** @returns the entries deleted, sorted. */
  apply(news: TransactionNews, after: Catalog | undefined): readonly string[] {
    const deleted = new Set([...this.byRows(news.rows), ...this.byTables(news.truncated)]);
    if (news.schema !== undefined) for (const id of this.bySchema(news.schema, after)) deleted.add(id);
    if (after !== undefined) {
      this.catalog = after;
      this.registrations.clear();
    }
    for (const id of deleted) this.forget(id);
    return [...deleted].sort();
  }

  private byRows(rows: readonly RowChange[]): readonly string[] {
    const factsOf = (t: TableRef): TableFacts | undefined => {
      const facts = this.catalog.tables.get(tableName(t.schema, t.table));
      return facts && this.parts.believe(facts);
    };
    const net = coalesce(rows, factsOf);
    const candidates = new Set<string>();
    for (const change of net) {
      const root = factsOf(change.table)?.root ?? tableName(change.table.schema, change.table.table);
      const tags = changeTags([...this.schemesOf(root).values()], change, factsOf(change.table));
      for (const id of tags === 'whole-table'
        ? this.readersOf(root)
        : tags.flatMap((tag) => [...(this.byTag.get(tag) ?? [])]))
        candidates.add(id);
    }
    return [...candidates].filter((id) => {
      const verdict = this.cached.get(id)?.matches(net, factsOf);
      if (verdict?.because.includes('could not be decided') === true) this.faults.push(`${id}: ${verdict.because}`);
      return verdict?.matters === true;
    });
  }

  private byTables(tables: readonly TableRef[]): readonly string[] {
    const names = tables.map((t) => tableName(t.schema, t.table));
    return [...this.cached]
      .filter(([, c]) => c.footprint.occurrences.some((o) => names.some((n) => o.members.includes(n))))
      .map(([id]) => id);
  }

  private bySchema(tables: readonly TableRef[], after: Catalog | undefined): readonly string[] {
    const stale = (id: string, { footprint }: Registration): boolean => {
      const entry = this.entries.find((e) => e.id === id);
      const again =
        after === undefined || entry === undefined
          ? undefined
          : this.parts.analyse({ name: id, text: entry.sql }, after);
      return again?.kind !== 'cacheable' || again.footprint.id !== footprint.id;
    };
    return [...this.cached]
      .filter(([id, c]) => schemaChangeMatters(c.footprint, tables) || stale(id, c))
      .map(([id]) => id);
  }

  private readersOf(root: TableName): readonly string[] {
    return [...this.cached].filter(([, c]) => c.footprint.occurrences.some((o) => o.root === root)).map(([id]) => id);
  }

  private forget(id: string): void {
    this.cached.delete(id);
    for (const members of this.byTag.values()) members.delete(id);
  }
}

/** Parameters as a driver sends them: text, arrays as array literals, objects as JSON. */
export function sqlValue(v: unknown): SqlValue {
  if (v === null || typeof v === 'string' || typeof v === 'number' || typeof v === 'boolean') return v;
  if (!Array.isArray(v)) return JSON.stringify(v);
  return v.every((e) => e === null || typeof e === 'string' || typeof e === 'number')
    ? (v as (string | number | null)[])
    : arrayText(v);
}

export function arrayText(list: readonly unknown[]): string {
  const element = (e: unknown): string => {
    if (e === null) return 'NULL';
    if (Array.isArray(e)) return arrayText(e);
    return typeof e === 'number' || typeof e === 'boolean' ? String(e) : `"${text(e).replace(/["\\]/g, '\\$&')}"`;
  };
  return `{${list.map(element).join(',')}}`;
}

function text(e: unknown): string {
  return typeof e === 'string' ? e : JSON.stringify(e);
}
