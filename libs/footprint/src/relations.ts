import { tableName, type TableName } from '@freshet/cache-keys';
import type { Catalog, TableFacts } from './catalog.js';

/** The relation that a name means under the search path; undefined where the catalogue knows none (system relations among them). */
export function findRelation(catalog: Catalog, schema: string | undefined, relation: string): TableFacts | undefined {
  if (schema !== undefined) return catalog.tables.get(tableName(schema, relation));
  // pg_catalog is searched first, and all its relations are named so.
  if (relation.startsWith('pg_')) return undefined;
  const path = catalog.searchPath.map((space) => catalog.tables.get(tableName(space, relation)));
  return path.find((facts) => facts !== undefined);
}

/** Why rows of a relation may not be cached: its changes are not, or not wholly, in the log. */
export function refuseRelation(facts: TableFacts, name: (n: TableName) => TableFacts | undefined): string | undefined {
  if (facts.kind !== 'table' && facts.kind !== 'partitioned')
    return facts.kind === 'view' ? undefined : `a ${facts.kind} is not in the log`;
  const members = facts.members.flatMap((m) => name(m) ?? []);
  if (members.some((m) => m.kind === 'foreign')) return 'a foreign table is not in the log';
  if (members.some((m) => m.persistence !== 'permanent')) return `${facts.persistence} tables are not in the log`;
  if (members.some((m) => m.rowSecurity)) return 'row-level security depends on who asks';
  if (!facts.published) return 'the table is in no publication';
  if (facts.publishedInPart) return 'the table is published with a column list or a row filter';
  return facts.manyParents ? 'heir of several tables' : undefined;
}
