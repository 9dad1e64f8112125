import { controlKeys, tableName, type StatementId, type TableName } from '@freshet/cache-keys';
import { type Footprint, type TableFacts } from '@freshet/footprint';
import { type StoreConnection } from '@freshet/redis-store';
import { type TableRef } from '@freshet/row-change';

const { footprints, facts } = controlKeys;

export async function footprintsOf(
  redis: StoreConnection,
  ids: readonly StatementId[],
): Promise<ReadonlyMap<StatementId, Footprint>> {
  if (ids.length === 0) return new Map();
  const texts = await redis.hmget(footprints, ...ids);
  return new Map(
    ids.flatMap((id, i) => {
      const text = texts[i];
      return text == null ? [] : [[id, JSON.parse(text) as Footprint] as const];
    }),
  );
}

/** All versions of a statement that the store knows, or the one with that id. */
export async function footprintsNamed(redis: StoreConnection, nameOrId: string): Promise<readonly Footprint[]> {
  const ids = await redis.hkeys(footprints);
  const wanted = ids.filter((id) => id === nameOrId || id.startsWith(`${nameOrId}@`));
  return [...(await footprintsOf(redis, wanted as StatementId[])).values()];
}

export type FactsOf = (table: TableRef) => TableFacts | undefined;

export async function readFacts(redis: StoreConnection): Promise<FactsOf> {
  const texts = await redis.hgetall(facts);
  const byTable = new Map<TableName, TableFacts>();
  for (const [table, text] of Object.entries(texts)) byTable.set(table as TableName, JSON.parse(text) as TableFacts);
  return ({ schema, table }) => byTable.get(tableName(schema, table));
}
