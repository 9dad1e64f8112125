import type { Catalog } from '@freshet/footprint';
import type { Entry } from '../case.js';
import { Product } from '../product.js';
import type { Look, Played as Shown } from '../run-case.js';
import type { Session } from '../session.js';
import { ChangeMaker, type RandomChange } from './changes.js';
import { Dice } from './dice.js';
import { makeDeep } from './deep.js';
import { performValid } from './perform.js';
import { makeRare } from './rare.js';
import { makeStatement } from './statements.js';
import { makeWorld, type TableShape } from './world.js';

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
const MAKERS = [makeStatement, makeDeep, makeRare] as const;
const CHANGES = 6;

const TYPES = [
  `CREATE TYPE mood AS ENUM ('low', 'mid', 'high')`,
  'CREATE TYPE pair AS (a int, b text)',
  'CREATE DOMAIN code AS text CHECK (length(VALUE) < 40)',
  `CREATE COLLATION nd (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
];

/** Labels come from PostgreSQL: each statement is run before and after each transaction. */
export async function runRandom(
  session: Session,
  count: number,
  seed: number,
  progress: (tally: Tally) => void,
  look: Look = async () => undefined,
): Promise<Tally> {
  const tally: Tally = { cases: 0, pairs: 0, changed: 0, misses: [], excess: 0, refused: 0, invalid: 0 };
  for (let world = 0; tally.cases < count; world += 1) {
    await runWorld(session, seed * 100_003 + world, Math.min(CASES_PER_WORLD, count - tally.cases), tally, look);
    progress(tally);
  }
  return tally;
}

interface Played {
  readonly seed: string;
  readonly entries: readonly Entry[];
  readonly setup: readonly string[];
  readonly steps: readonly {
    readonly change: RandomChange;
    readonly xid: number | undefined;
    readonly changed: ReadonlySet<string>;
  }[];
}

async function runWorld(session: Session, seed: number, cases: number, tally: Tally, look: Look): Promise<void> {
  const d = new Dice(seed);
  const world = makeWorld(d);
  const schema = [...TYPES, ...world.map((t) => t.ddl)];
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
  for (const p of played) await look(shown(p, news, catalog));
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
  // Emptied row by row: TRUNCATE would make new files and have every plan and the decoder look the tables up again.
  const fresh = [...world.map((t) => `DELETE FROM ${t.name}`), ...setup];
  const made = Array.from({ length: ENTRIES }, (_, i) => d.pick(MAKERS)(d, world, 'abcdefghij'.charAt(i)));
  const changes = Array.from({ length: CHANGES }, () => maker.change());
  const { entries, moments } = await performValid(session, fresh, made, changes).catch((cause: unknown) => {
    throw new Error(`random case ${seed}: ${String(cause)}\n${fresh.join(';\n')}`, { cause });
  });
  tally.invalid += made.length - entries.length;
  const [before, ...played] = moments;
  let last = before?.answers;
  const steps = played.map(({ xid, answers }, i) => {
    const changed = entries.filter((e) => last?.[e.id] !== answers[e.id]).map((e) => e.id);
    last = answers;
    return { change: changes[i] as RandomChange, xid, changed: new Set(changed) };
  });
  return { seed, entries, setup, steps };
}

function shown({ seed, entries, steps }: Played, news: Awaited<ReturnType<Session['news']>>, catalog: Catalog): Shown {
  const rows = steps.flatMap(({ xid }) => (xid === undefined ? [] : (news.get(xid)?.rows ?? [])));
  return { case: { id: seed, schema: [], entries, changes: [] }, catalog, rows };
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
  tally.misses.push(...product.faults.map((fault) => JSON.stringify({ seed, fault })));
}
