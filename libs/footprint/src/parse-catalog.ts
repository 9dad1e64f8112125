import { tableName, type TableName } from '@freshet/cache-keys';
import { peculiaritiesOf } from './peculiarities.js';
import type {
  Catalog,
  CollationClass,
  ColumnFacts,
  FunctionFacts,
  RelationKind,
  ReplicaIdentity,
  SqlFunction,
  TableFacts,
} from './catalog.js';

interface RawTable {
  readonly schema: string;
  readonly table: string;
  readonly kind: string;
  readonly persistence: string;
  readonly columns: readonly [string, string, number, boolean, string, string | null][];
  readonly identity: string;
  readonly rowSecurity: boolean;
  readonly primaryKey: readonly string[];
  readonly identityIndex: readonly string[];
  readonly parents: readonly [string, string][];
  readonly publications: readonly [string, boolean][];
  readonly definition: string | null;
}

type RawFunction = readonly [
  string, string, number, number, 'i' | 's' | 'v', boolean, boolean, boolean, string, SqlFunction | null,
]; // prettier-ignore

interface RawCatalog {
  readonly searchPath: readonly string[];
  readonly database: readonly [provider: string, collate: string, ctype: string, encoding: string];
  readonly timeZone: string;
  readonly tables: readonly RawTable[];
  readonly functions: readonly RawFunction[];
  readonly operators: readonly string[];
  readonly casts: readonly (readonly [target: string, implicit: boolean])[];
  readonly settings: Readonly<Record<string, string>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
}

const KINDS: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  p: 'partitioned',
  v: 'view',
  m: 'materialized-view',
  f: 'foreign',
  S: 'sequence',
};
const IDENTITIES: Readonly<Record<string, ReplicaIdentity>> = { d: 'default', n: 'nothing', f: 'full', i: 'index' };
const PERSISTENCE = { p: 'permanent', u: 'unlogged', t: 'temporary' } as const;

/** @param publication the one that the connector reads; by default a table counts as captured when any publication holds it. */
export function parseCatalog(rows: readonly { readonly catalog: string }[], publication?: string): Catalog {
  const raw = JSON.parse(rows[0]?.catalog ?? 'null') as RawCatalog;
  const [provider, collate, ctype, encoding] = raw.database;
  const collation: CollationClass = provider === 'c' && /^(C|POSIX)$/.test(collate) ? 'c' : 'deterministic';
  return {
    searchPath: raw.searchPath,
    collation,
    plainCase: provider === 'c' && !/^(tr|az|lt)/i.test(ctype),
    utf8: encoding === 'UTF8',
    timeZone: raw.timeZone,
    tables: new Family(raw.tables, collation, publication).facts(),
    functions: functionsByName(raw.functions),
    isoDates: raw.settings['DateStyle']?.startsWith('ISO') === true,
    restlessOperators: new Set(raw.operators),
    restlessCasts: new Set(raw.casts.map(([target]) => target)),
    peculiarities: peculiaritiesOf(raw),
    enums: new Map(Object.entries(raw.enums)),
  };
}

/** Tables with the ties of partitions and heirs between them. */
class Family {
  private readonly byName: ReadonlyMap<TableName, RawTable>;
  private readonly children = new Map<TableName, TableName[]>();

  constructor(
    tables: readonly RawTable[],
    private readonly collation: CollationClass,
    private readonly publication: string | undefined,
  ) {
    this.byName = new Map(tables.map((t) => [nameOf(t), t]));
    for (const t of tables)
      for (const parent of parentsOf(t)) this.children.set(parent, [...(this.children.get(parent) ?? []), nameOf(t)]);
  }

  facts(): ReadonlyMap<TableName, TableFacts> {
    return new Map([...this.byName].map(([name, raw]) => [name, this.factsOf(name, raw)]));
  }

  private factsOf(name: TableName, raw: RawTable): TableFacts {
    const members = this.membersOf(name);
    const stored = members.flatMap((m) => this.byName.get(m) ?? []).filter((m) => m.kind !== 'p');
    const published = stored.map((m) => this.publicationOf(nameOf(m)));
    const identities = stored.map(identityColumns);
    const first = stored[0]?.identity ?? raw.identity;
    return {
      schema: raw.schema,
      table: raw.table,
      name,
      kind: KINDS[raw.kind] ?? 'other',
      persistence: PERSISTENCE[raw.persistence as keyof typeof PERSISTENCE],
      columns: raw.columns.map((c) => columnFacts(c, this.collation)),
      primaryKey: raw.primaryKey,
      identity: stored.every((m) => m.identity === first) ? (IDENTITIES[first] ?? 'nothing') : 'index',
      identityColumns: (identities[0] ?? identityColumns(raw)).filter((c) => identities.every((i) => i.includes(c))),
      root: this.rootOf(name),
      members,
      manyParents: members.some((m) => (this.byName.get(m)?.parents.length ?? 0) > 1),
      rowSecurity: raw.rowSecurity,
      published: published.every((p) => p !== undefined),
      publishedInPart: published.some((p) => p === true),
      definition: raw.definition,
    };
  }

  private rootOf(name: TableName): TableName {
    const parent = parentsOf(this.byName.get(name))[0];
    return parent === undefined ? name : this.rootOf(parent);
  }

  private membersOf(name: TableName): readonly TableName[] {
    return [...new Set([name, ...(this.children.get(name) ?? []).flatMap((child) => this.membersOf(child))])];
  }

  /** Undefined: not captured; true: in part. A partition is captured through any ancestor. */
  private publicationOf(name: TableName): boolean | undefined {
    const raw = this.byName.get(name);
    const own = (raw?.publications ?? []).filter(([p]) => this.publication === undefined || p === this.publication);
    const all = [...own.map(([, part]) => part), ...parentsOf(raw).map((parent) => this.publicationOf(parent))];
    const known = all.filter((part) => part !== undefined);
    return known.length === 0 ? undefined : known.every((part) => part);
  }
}

function nameOf(t: { schema: string; table: string }): TableName {
  return tableName(t.schema, t.table);
}

function parentsOf(t: RawTable | undefined): readonly TableName[] {
  return (t?.parents ?? []).map(([schema, table]) => tableName(schema, table));
}

function identityColumns(t: RawTable): readonly string[] {
  if (t.identity === 'f') return t.columns.filter((c) => c[5] === null).map((c) => c[0]);
  if (t.identity === 'd') return t.primaryKey;
  return t.identity === 'i' ? t.identityIndex : [];
}

function columnFacts(
  [name, type, typmod, notNull, collation, generated]: RawTable['columns'][number],
  database: CollationClass,
): ColumnFacts {
  const classes: Readonly<Record<string, CollationClass>> = { c: 'c', d: database, o: 'deterministic', f: 'folding' };
  return { name, type, typmod, notNull, collation: classes[collation] ?? 'folding', generated };
}

function functionsByName(raw: readonly RawFunction[]): ReadonlyMap<string, readonly FunctionFacts[]> {
  const byName = new Map<string, FunctionFacts[]>();
  for (const [
    schema,
    name,
    minArguments,
    maxArguments,
    volatility,
    aggregate,
    returnsSet,
    trusted,
    language,
    sql,
  ] of raw) {
    const facts = {
      schema,
      name,
      minArguments,
      maxArguments,
      volatility,
      aggregate,
      returnsSet,
      trusted,
      language,
      sql,
    };
    byName.set(name, [...(byName.get(name) ?? []), facts]);
  }
  return byName;
}
