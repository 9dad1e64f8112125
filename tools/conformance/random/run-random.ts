import type { Catalog } from '@freshet/footprint';
import type { Change, Entry } from '../case.js';
import { Product } from '../product.js';
import type { Session } from '../session.js';
import { ChangeMaker } from './changes.js';
import { Dice } from './dice.js';
import { makeStatement } from './statements.js';
import { literal, makeWorld, type TableShape } from './world.js';

export interface Tally {
  cases: number;
  pairs: number;
  changed: number;
  /** Changed and not deleted, with all it takes to see it again. */
  readonly misses: string[];
  /** Deleted and not changed. */
  excess: number;
  refused: number;
  /** Statements that PostgreSQL itself refuses. */
  invalid: number;
}

/** Cases that share one set of tables: creating tables is what costs. */
const CASES_PER_WORLD = 40;
const ENTRIES = 6;
const CHANGES = 6;

/** Labels come from PostgreSQL: each statement is run before and after each transaction. */
export async function runRandom(
  session: Session,
  count: number,
  seed: number,
  progress: (done: number) => void,
): Promise<Tally> {
  const tally: Tally = { cases: 0, pairs: 0, changed: 0, misses: [], excess: 0, refused: 0, invalid: 0 };
  for (let world = 0; tally.cases < count; world += 1) {
    await runWorld(session, seed * 100_003 + world, Math.min(CASES_PER_WORLD, count - tally.cases), tally);
    progress(tally.cases);
    if (world % 10 === 9) await session.run('CHECKPOINT');
  }
  return tally;
}

interface Played {
  readonly seed: string;
  readonly entries: readonly Entry[];
  readonly setup: readonly string[];
  readonly steps: readonly {
    readonly change: Change;
    readonly xid: number | undefined;
    readonly changed: ReadonlySet<string>;
  }[];
}

async function runWorld(session: Session, seed: number, cases: number, tally: Tally): Promise<void> {
  const d = new Dice(seed);
  const world = makeWorld(d);
  const schema = [`CREATE TYPE mood AS ENUM ('low', 'mid', 'high')`, ...world.map((t) => t.ddl)];
  const identities = Object.fromEntries(world.map((t) => [t.name, t.identity]));
  await session.begin(
    { id: 'random', schema: [schema.join(';')], replica_identity: identities, entries: [], changes: [] },
    new Map(),
  );
  const catalog = await session.catalog();
  const played: Played[] = [];
  for (let k = 0; k < cases; k += 1)
    played.push(await play(session, world, `${seed}/${k}`, new Dice(seed * 1009 + k), tally));
  const news = await session.news();
  for (const p of played) judge(p, news, catalog, schema, tally);
}

async function play(
  session: Session,
  world: readonly TableShape[],
  seed: string,
  d: Dice,
  tally: Tally,
): Promise<Played> {
  const maker = new ChangeMaker(d, world);
  const setup = maker.setup();
  await session.run([`TRUNCATE ${world.map((t) => t.name).join(', ')}`, ...setup].join(';'));
  const made = Array.from({ length: ENTRIES }, (_, i) => makeStatement(d, world, 'abcdefghij'.charAt(i)));
  const entries: Entry[] = [];
  for (const e of made) if (await valid(session, e)) entries.push(e);
  tally.invalid += made.length - entries.length;
  let before = await answers(session, entries);
  const steps = [];
  for (let i = 0; i < CHANGES; i += 1) {
    const change = maker.change();
    const xid = await session.apply(change);
    const after = await answers(session, entries);
    steps.push({
      change,
      xid,
      changed: new Set(entries.filter((e) => before.get(e.id) !== after.get(e.id)).map((e) => e.id)),
    });
    before = after;
  }
  return { seed, entries, setup, steps };
}

function judge(
  { seed, entries, setup, steps }: Played,
  news: Awaited<ReturnType<Session['news']>>,
  catalog: Catalog,
  schema: readonly string[],
  tally: Tally,
): void {
  const product = new Product(entries, catalog);
  const refused = new Set(product.refusedIds());
  tally.cases += 1;
  tally.refused += refused.size;
  for (const { change, xid, changed } of steps) {
    product.fill();
    const own = xid === undefined ? undefined : news.get(xid);
    const deleted = new Set(own === undefined ? [] : product.apply(own, undefined));
    for (const e of entries.filter(({ id }) => !refused.has(id))) {
      tally.pairs += 1;
      if (changed.has(e.id)) tally.changed += 1;
      if (changed.has(e.id) && !deleted.has(e.id))
        tally.misses.push(
          JSON.stringify({ seed, sql: e.sql, params: e.params, transaction: change.transaction, schema, setup }),
        );
      if (!changed.has(e.id) && deleted.has(e.id)) tally.excess += 1;
    }
  }
}

function inlined({ sql, params }: Entry): string {
  return sql.replace(/\$(\d+)/g, (_, n: string) => literal((params?.[Number(n) - 1] as string | null) ?? undefined));
}

async function valid(session: Session, e: Entry): Promise<boolean> {
  try {
    await session.run(`SELECT 1 FROM (${inlined(e)}) x`);
    return true;
  } catch {
    return false;
  }
}

/** The answers of all entries at once, each as one text. */
async function answers(session: Session, entries: readonly Entry[]): Promise<ReadonlyMap<string, string | null>> {
  if (entries.length === 0) return new Map();
  const one = (e: Entry) =>
    `(SELECT md5(string_agg(x::text, '|'${e.order === 'list' ? '' : ' ORDER BY x::text'})) FROM (${inlined(e)}) x) AS ${e.id}`;
  const { rows } = await session.run(`SELECT ${entries.map(one).join(', ')}`);
  return new Map(Object.entries((rows as Record<string, string | null>[])[0] ?? {}));
}
