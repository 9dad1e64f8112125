import { type Invalidator as InvalidatorType, Invalidator } from '@freshet/cache-engine';
import { analyse, loadParser } from '@freshet/footprint';
import { RedisChangeStore, RedisEntryStore, type ScriptedRedis } from '@freshet/redis-store';
import { loadModule, parseSync } from 'libpg-query';
import { memoryTable } from '../index-memory.js';
import { type OwnRedis, withOwnRedis } from '../own-redis.js';
import { cpuMs } from '../process-figures.js';
import { Registrar, type Wanted } from '../registrar.js';
import { type BenchOptions, type Report, type Suite, type Table } from '../suite.js';
import { CATALOG, changeFor, FACTS, KINDS, STATEMENTS, type Kind } from '../synthetic-tables.js';

const FEW = 1000;
const MANY = 50_000;
const SLICE = 1000;
/** The kernel counts the CPU of Redis in hundredths of a second: fewer rows would be told apart by its clock and by nothing else. */
const SLICES = 60;

/** P4 and P6: what one row change costs to decide, however many entries are registered, and what an entry costs to register. */
export const match: Suite = {
  name: 'match',
  summary: 'analysis of a statement, decision on a row change from 1 000 to --entries entries, index bytes an entry',
  run: (options) => withOwnRedis((server) => measure(server, options)),
};

async function measure(server: OwnRedis, { entries = MANY, log }: BenchOptions): Promise<Report> {
  await Promise.all([loadParser(), loadModule()]);
  log('analysis');
  const parse = parseTable();
  log('memory of the index');
  const memory = await memoryTable(server.redis);
  const costs: Cost[] = [];
  for (const kind of KINDS) {
    log(`${kind}: ${FEW}, then ${entries} entries`);
    costs.push(...(await costsOf(server, { kind, sizes: [FEW, entries], log })));
  }
  const { table, worst } = decisionTable(costs, entries);
  return {
    tables: [parse, table, memory.table],
    verdicts: [
      {
        id: 'P4',
        target: `≤ 1.3 × from ${FEW} to 1 000 000 entries`,
        measured: `${worst.toFixed(2)} × at ${entries}`,
        met: worst <= 1.3 && entries >= 1e6,
      },
      memory.verdict,
    ],
    notes: [
      'CPU is that of the engine and of Redis together; wall time is that of a slice of 1 000 row changes divided by 1 000.',
      'Each kind has a table of its own with one statement; the entries differ by its values, and no two match the same row.',
      '"range" is an owner and a span of dates, "numbers" a span of whole numbers alone, with no two spans touching.',
      '"looked up, kept" finds one entry a row under a tag, reads it, tests it and keeps it; "nothing listed" finds none.',
      ...(entries < 1e6 ? ['Run with --entries 1000000 for the target itself.'] : []),
    ],
  };
}

const TEXTS: readonly (readonly [string, string])[] = [
  ['one row by key', 'SELECT amount, note FROM equality_row WHERE id = $1'],
  ['page with filters', "SELECT id, label FROM range_row WHERE owner = $1 AND mark BETWEEN $2 AND $3 AND label LIKE $4 ORDER BY mark DESC, id LIMIT 15 OFFSET $5"], // prettier-ignore
  ['join with groups', 'SELECT e.owner, sum(r.amount) FROM equality_row e JOIN range_row r ON r.owner = e.id WHERE e.owner = $1 GROUP BY e.owner HAVING sum(r.amount) > $2'], // prettier-ignore
  ['sub-queries', 'WITH last AS (SELECT owner, max(mark) AS mark FROM range_row GROUP BY owner) SELECT e.id FROM equality_row e WHERE e.owner = $1 AND EXISTS (SELECT 1 FROM last l WHERE l.owner = e.id AND l.mark > $2) AND e.id NOT IN (SELECT owner FROM in_row WHERE owner = ANY ($3))'], // prettier-ignore
];

function parseTable(): Table {
  return {
    title: 'Analysis of a statement, once for each text',
    columns: ['statement', 'PostgreSQL’s parser µs', 'whole analysis µs', 'ratio'],
    rows: TEXTS.map(([name, text]) => {
      const analysis = analyse({ name, text }, CATALOG);
      if (analysis.kind === 'refused') throw new Error(`${name}: ${JSON.stringify(analysis.reasons)}`);
      const parsing = microsOf(() => parseSync(text));
      const analysing = microsOf(() => analyse({ name, text }, CATALOG));
      return [name, Math.round(parsing), Math.round(analysing), analysing / parsing];
    }),
  };
}

/** Of CPU, after a warm-up. */
function microsOf(work: () => unknown): number {
  for (let i = 0; i < 200; i++) work();
  const before = process.cpuUsage();
  for (let i = 0; i < 500; i++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 500;
}

async function open(redis: ScriptedRedis): Promise<InvalidatorType> {
  await redis.flushall();
  const store = new RedisChangeStore(redis, { nonce: () => 'bench' });
  await store.open();
  const reader = new RedisEntryStore(redis);
  const { schemaVersion } = await reader.position();
  // Of a table without facts any entry may be meant: then all would go, and the rest of the run measure an empty index.
  if (!(await reader.putFacts(schemaVersion, FACTS))) throw new Error('the facts were not taken');
  return new Invalidator(store, () => undefined);
}

interface Cost {
  readonly kind: Kind;
  readonly entries: number;
  readonly nothing: Measured;
  readonly kept: Measured;
}

interface Measured {
  readonly wallMicros: number;
  readonly cpuMicros: number;
}

async function costsOf(
  { redis, pid }: OwnRedis,
  { kind, sizes, log }: { kind: Kind; sizes: readonly number[]; log: BenchOptions['log'] },
): Promise<Cost[]> {
  const invalidator = await open(redis);
  const registrar = new Registrar(redis, CATALOG);
  const costs: Cost[] = [];
  let registered = 0;
  for (const entries of sizes) {
    await registrar.registerAll(wantedOf(kind, registered, entries), undefined, (count) =>
      log(`${kind}: ${count} registered`),
    );
    registered = entries;
    const spread = Math.max(1, Math.floor(entries / (SLICE * SLICES)));
    const listed = (n: number): number => (n * spread) % entries;
    const unlisted = (n: number): number => 20_000_000 + n;
    await run(invalidator, { kind, pid, rowOf: listed, slices: 3, testing: 3 * SLICE });
    const nothing = await run(invalidator, { kind, pid, rowOf: unlisted, slices: SLICES, testing: 0 });
    const kept = await run(invalidator, { kind, pid, rowOf: listed, slices: SLICES, testing: SLICES * SLICE });
    costs.push({ kind, entries, nothing, kept });
  }
  return costs;
}

function* wantedOf(kind: Kind, from: number, to: number): Iterable<Wanted> {
  for (let id = from; id < to; id++) yield { view: `bench.${kind}`, id, statements: [STATEMENTS[kind](id)] };
}

let offset = 0n;
let xid = 1000;

interface Run {
  readonly kind: Kind;
  readonly pid: number;
  readonly rowOf: (n: number) => number;
  readonly slices: number;
  /** At least so many entries must be found there; none where it says 0. A bucket may list a neighbour too. */
  readonly testing: number;
}

async function run(invalidator: InvalidatorType, { kind, pid, rowOf, slices, testing }: Run): Promise<Measured> {
  const batches = Array.from({ length: slices }, (_, s) => {
    xid += 1;
    return Array.from({ length: SLICE }, (_unused, i) => changeFor(kind, rowOf(s * SLICE + i), xid));
  });
  const redisBefore = cpuMs(pid);
  const ownBefore = process.cpuUsage();
  const began = performance.now();
  const found = { tested: 0, deleted: 0 };
  for (const changes of batches) {
    offset += BigInt(SLICE);
    const { tested, deleted } = await invalidator.apply({
      changes,
      position: { topic: 'bench', partition: 0, offset },
    });
    found.tested += tested;
    found.deleted += deleted;
  }
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(ownBefore);
  const rows = SLICE * slices;
  const wrong = found.tested < testing || (testing === 0 && found.tested > 0) || found.deleted > 0;
  if (wrong) throw new Error(`${kind}: ${found.tested} entries tested instead of ${testing}, ${found.deleted} deleted`);
  return {
    wallMicros: (wallMs * 1000) / rows,
    cpuMicros: (user + system + (cpuMs(pid) - redisBefore) * 1000) / rows,
  };
}

function decisionTable(costs: readonly Cost[], entries: number): { table: Table; worst: number } {
  let worst = 0;
  const rows = KINDS.flatMap((kind) =>
    (['nothing', 'kept'] as const).map((mode) => {
      const [few, many] = [FEW, entries].map(
        (size) => costs.find((c) => c.kind === kind && c.entries === size)?.[mode],
      );
      if (few === undefined || many === undefined) throw new Error('not measured');
      const ratio = many.cpuMicros / few.cpuMicros;
      worst = Math.max(worst, ratio);
      const what = mode === 'nothing' ? 'nothing listed' : 'looked up, kept';
      return [
        `${kind}: ${what}`,
        few.wallMicros,
        many.wallMicros,
        few.cpuMicros,
        many.cpuMicros,
        ratio,
        Math.round(1e6 / many.wallMicros),
      ];
    }),
  );
  const columns = [
    'a row change',
    `${FEW}: µs`,
    `${entries}: µs`,
    `${FEW}: µs CPU`,
    `${entries}: µs CPU`,
    'ratio by CPU',
    'rows/s',
  ];
  return { table: { title: 'Decision on a row change, by the number of entries registered', columns, rows }, worst };
}
