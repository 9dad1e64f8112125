import { type Scheme, type StatementId, tableName, type TableName } from '@freshet/cache-keys';
import {
  compileMatcher,
  type Footprint,
  type Matcher,
  type TableFacts,
  type TagsOfChange,
  tagsUnderSchemes,
} from '@freshet/footprint';
import { type TableRef } from '@freshet/row-change';
import { type ChangeStore, type FenceRead } from './store.js';

/** A footprint never changes under its id, so a compiled one is good for ever; this only bounds the memory. */
const MOST_MATCHERS = 20_000;

/**
 * What the invalidator has learned from the store. Schemes and facts are kept only under the versions that were read after the fence
 * was written: a reader that registered a new scheme earlier raised the version, one that did so later has seen the fence.
 */
export class Knowledge {
  private versions: FenceRead | undefined;
  private schemesByTable = new Map<TableName, Scheme[]>();
  private unreadable: ReadonlySet<TableName> = new Set();
  private facts = new Map<TableName, TableFacts>();
  private readonly taggers = new Map<TableName, TagsOfChange>();
  private readonly matchers = new Map<StatementId, Matcher>();

  constructor(private readonly store: ChangeStore) {}

  async refresh(read: FenceRead): Promise<void> {
    const old = this.versions;
    const same = old !== undefined && old.incarnation === read.incarnation;
    if (!same || old.schemes !== read.schemes) {
      const { known, unreadable } = await this.store.schemes();
      this.schemesByTable = groupByTable(known);
      this.unreadable = new Set(unreadable);
    }
    if (!same || old.facts !== read.facts) this.facts = parseFacts(await this.store.facts());
    if (!same || old.schemes !== read.schemes || old.facts !== read.facts) this.taggers.clear();
    this.versions = read;
  }

  get empty(): boolean {
    return this.schemesByTable.size === 0 && this.unreadable.size === 0;
  }

  readonly factsOf = (table: TableRef): TableFacts | undefined => this.facts.get(tableName(table.schema, table.table));

  /** The name that tags of the table are kept under: that of its root where it is a partition. */
  rootOf(table: TableRef): TableName {
    return this.factsOf(table)?.root ?? tableName(table.schema, table.table);
  }

  /** How changes of the table are tagged. Where not all of its schemes can be read, any of its entries may be meant. */
  tagsOf(table: TableRef): TagsOfChange {
    const name = tableName(table.schema, table.table);
    const known = this.taggers.get(name);
    if (known !== undefined) return known;
    const root = this.rootOf(table);
    const made: TagsOfChange = this.unreadable.has(root)
      ? () => 'whole-table'
      : tagsUnderSchemes(this.schemesByTable.get(root) ?? [], this.factsOf(table));
    this.taggers.set(name, made);
    return made;
  }

  /** The matchers of those statements; one that the store does not know is missing. */
  async matchersOf(ids: readonly StatementId[]): Promise<ReadonlyMap<StatementId, Matcher>> {
    const unknown = [...new Set(ids)].filter((id) => !this.matchers.has(id));
    if (unknown.length > 0) {
      if (this.matchers.size + unknown.length > MOST_MATCHERS) this.matchers.clear();
      const footprints = await this.store.footprints(unknown);
      for (const [id, json] of footprints) this.matchers.set(id, compileMatcher(JSON.parse(json) as Footprint));
    }
    return this.matchers;
  }
}

function groupByTable(schemes: readonly Scheme[]): Map<TableName, Scheme[]> {
  const byTable = new Map<TableName, Scheme[]>();
  for (const scheme of schemes) {
    if (byTable.get(scheme.table)?.push(scheme) === undefined) byTable.set(scheme.table, [scheme]);
  }
  return byTable;
}

function parseFacts(texts: ReadonlyMap<TableName, string>): Map<TableName, TableFacts> {
  return new Map([...texts].map(([table, text]) => [table, JSON.parse(text) as TableFacts]));
}
