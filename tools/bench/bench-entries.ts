import { type Statement } from '@freshet/cache-engine';
import { CATALOG_SQL, parseCatalog } from '@freshet/footprint';
import { connectedTo } from './own-redis.js';
import { Registrar, type Wanted } from './registrar.js';
import { type Scene } from './scene.js';

const REDIS_DB = 1;

/** The statement of an entry that reads one row of the bench table. */
export const BY_ID = (id: number): Statement => ({
  name: 'bench.row',
  text: 'SELECT label, amount FROM bench_row WHERE id = $1',
  values: [id],
});

interface Registering {
  readonly registrar: Registrar;
  readonly snapshot: () => Promise<string>;
  readonly end: () => void;
}

/** A registrar for the entries of the bench table, as the read API would register them. */
export async function registrarFor({ writer, stack }: Scene): Promise<Registering> {
  const { rows } = await writer.query<{ catalog: string }>(CATALOG_SQL);
  const redis = await connectedTo(stack.ports.redis, REDIS_DB);
  const snapshot = async (): Promise<string> => {
    const [now] = (await writer.query<{ snapshot: string }>('SELECT pg_current_snapshot()::text AS snapshot')).rows;
    return now?.snapshot ?? '';
  };
  return { registrar: new Registrar(redis, parseCatalog(rows, 'freshet')), snapshot, end: () => redis.disconnect() };
}

export function* entriesById(
  view: string,
  from: number,
  count: number,
  statementOf: (id: number) => Statement,
): Iterable<Wanted> {
  for (let id = from; id < from + count; id++) yield { view, id, statements: [statementOf(id)] };
}
