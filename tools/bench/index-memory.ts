import { RedisChangeStore, type ScriptedRedis } from '@freshet/redis-store';
import { Registrar, type Wanted } from './registrar.js';
import { type Table, type Verdict } from './suite.js';
import { CATALOG, STATEMENTS } from './synthetic-tables.js';

/**
 * Redis doubles its table of keys when that is full, so a key's share in it is 8 to 16 bytes. With three tag sets each these fill the
 * table of 2^16 by 71 %, which is the usual share: a table just doubled costs 14 bytes more an entry, a full one 10 less.
 */
const MEASURED_FOR_MEMORY = 15_500;
const REGISTERED_AT_ONCE = 500;
const THREE_TAGS = 'bench.memory';
const LOOKUPS_A_TABLE = 50;

/** P6: what an entry with three tags costs in the index. */
export async function memoryTable(redis: ScriptedRedis): Promise<{ table: Table; verdict: Verdict }> {
  const own = await bytesAnEntry(redis, (id) => [id, id, id]);
  const usual = await bytesAnEntry(redis, (id) => [
    id,
    Math.floor(id / LOOKUPS_A_TABLE),
    Math.floor(id / LOOKUPS_A_TABLE),
  ]);
  return {
    table: {
      title: `Redis memory of the index, of ${MEASURED_FOR_MEMORY} entries with three tags each`,
      columns: ['', 'bytes an entry'],
      rows: [
        ['three tags that no other entry has', Math.round(own)],
        [`one of its own, two shared by ${LOOKUPS_A_TABLE} entries`, Math.round(usual)],
      ],
    },
    verdict: {
      id: 'P6',
      target: 'index ≤ 400 bytes an entry with three tags',
      measured: `${Math.round(usual)} bytes shared, ${Math.round(own)} with tags of its own`,
      met: Math.max(usual, own) <= 400,
    },
  };
}

/**
 * Of the index alone: entries go as soon as they are registered, so that the server's table of keys does not grow for them, and what is
 * left without any key (buffers, scripts) is taken off.
 */
async function bytesAnEntry(
  redis: ScriptedRedis,
  ownersOf: (id: number) => readonly [number, number, number],
): Promise<number> {
  await redis.flushall();
  await new RedisChangeStore(redis, { nonce: () => 'bench' }).open();
  const registrar = new Registrar(redis, CATALOG);
  for (let from = 0; from < MEASURED_FOR_MEMORY; from += REGISTERED_AT_ONCE) {
    const ids = Array.from({ length: REGISTERED_AT_ONCE }, (_, i) => from + i);
    await registrar.registerAll(ids.map((id) => threeTags(id, ownersOf(id))));
    await redis.del(...ids.map((id) => registrar.keyOf({ view: THREE_TAGS, id })));
  }
  const used = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  const full = await used();
  await redis.flushall('SYNC');
  return (full - (await used())) / MEASURED_FOR_MEMORY;
}

function threeTags(id: number, [a, b, c]: readonly [number, number, number]): Wanted {
  const third = { name: 'bench.third', text: 'SELECT amount FROM prefix_row WHERE owner = $1', values: [c] };
  return { view: THREE_TAGS, id, statements: [STATEMENTS.equality(a), { ...STATEMENTS.in(0), values: [[b]] }, third] };
}
