import type { Catalog } from '@freshet/footprint';
import type { Entry } from '../case.js';
import { Product } from '../product.js';
import type { Look, Played as Shown } from '../run-case.js';
import type { Session } from '../session.js';
import { ChangeMaker, type RandomChange } from './changes.js';
import { Dice } from './dice.js';
import { makeDeep } from './deep.js';
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

const TYPES = [
  `CREATE TYPE mood AS ENUM ('low', 'mid', 'high')`,
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
  const made = Array.from({ length: ENTRIES }, (_, i) =>
    (i % 2 === 0 ? makeStatement : makeDeep)(d, world, 'abcdefghij'.charAt(i)),
  );
  const changes = Array.from({ length: CHANGES }, () => maker.change());
  const { entries, moments } = await performValid(session, fresh, made, changes);
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

/** Without the statements that PostgreSQL refuses. */
async function performValid(
  session: Session,
  fresh: readonly string[],
  made: readonly Entry[],
  changes: readonly RandomChange[],
): Promise<{ entries: readonly Entry[]; moments: readonly Moment[] }> {
  const attempt = async (entries: readonly Entry[]) => {
    try {
      return await perform(session, fresh, entries, changes);
    } catch {
      await session.run('ROLLBACK; DEALLOCATE ALL');
      return undefined;
    }
  };
  const moments = await attempt(made);
  if (moments !== undefined) return { entries: made, moments };
  const entries: Entry[] = [];
  for (const e of made) if ((await attempt([e])) !== undefined) entries.push(e);
  return { entries, moments: await perform(session, fresh, entries, changes) };
}

interface Moment {
  /** Of the transaction that led here; undefined where it left nothing. */
  readonly xid: number | undefined;
  /** The answers of all entries, each as one text. */
  readonly answers: Readonly<Record<string, string | null>>;
}

/** All of a case in one message to the server, for what costs is waiting for it: the rows to start from, then each transaction, answers after each. */
async function perform(
  session: Session,
  fresh: readonly string[],
  entries: readonly Entry[],
  changes: readonly RandomChange[],
): Promise<readonly Moment[]> {
  const transactions = [{ transaction: fresh }, ...changes].map(({ transaction, end }: RandomChange) => [
    'BEGIN',
    ...transaction,
    `SELECT pg_current_xact_id_if_assigned()::text AS xid`,
    end === undefined ? 'COMMIT' : 'ROLLBACK',
    'EXECUTE answers',
  ]);
  const script = [`PREPARE answers AS ${answersOf(entries)}`, ...transactions.flat(), 'DEALLOCATE answers'];
  const results = (await session.run(script.join(';\n'))) as unknown as { rows: Record<string, string | null>[] }[];
  let at = 1;
  return transactions.map((own, i) => {
    at += own.length;
    const [xid, , answers] = results.slice(at - 3, at).map(({ rows }) => rows[0] ?? {});
    const kept = i > 0 && changes[i - 1]?.end === undefined ? xid?.['xid'] : undefined;
    return { xid: typeof kept === 'string' ? Number(BigInt(kept) & 0xffffffffn) : undefined, answers: answers ?? {} };
  });
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

function inlined({ sql, params }: Entry): string {
  return sql.replace(/\$(\d+)/g, (_, n: string) => literal((params?.[Number(n) - 1] as string | null) ?? undefined));
}

function answersOf(entries: readonly Entry[]): string {
  const one = (e: Entry) =>
    `(SELECT md5(string_agg(x::text, '|'${e.order === 'list' ? '' : ' ORDER BY x::text'})) FROM (${inlined(e)}) x) AS ${e.id}`;
  return `SELECT ${entries.map(one).join(', ')}`;
}
