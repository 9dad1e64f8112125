import { tableName } from '@freshet/cache-keys';
import type { TableRef } from '@freshet/row-change';
import type { Footprint } from './footprint.js';

/** Whether a schema change of these tables can matter to a statement. No tables: any may have changed. */
export function schemaChangeMatters(footprint: Footprint, tables: readonly TableRef[]): boolean {
  if (tables.length === 0) return true;
  // By bare name as well: a new table may hide another one along the search path.
  const bare = new Set(footprint.relations.map((name) => name.slice(name.lastIndexOf('.') + 1)));
  return tables.some(
    (t) => footprint.relations.includes(tableName(t.schema, t.table)) || bare.has(tableName('public', t.table)),
  );
}
