import { loadParser } from '@freshet/footprint';
import { join } from 'node:path';
import { loadGroups, loadSchemas, type Line } from './case.js';
import { scratchDatabase, type Database } from './cluster.js';
import { MUTATIONS } from './mutations.js';
import { compareCase, newComparison } from './planner/compare.js';
import { NARROWER } from './planner/narrower.js';
import { PLAIN_PLANS } from './planner/scans.js';
import { PARTS } from './product.js';
import { misplaced } from './refused-places.js';
import { runRandom } from './random/run-random.js';
import { runCase } from './run-case.js';
import { precision, score } from './score.js';
import { Session } from './session.js';

const HERE = join(process.cwd(), 'tools/conformance');
/** The corpus, and cases for what it leaves out. Labels of both by PostgreSQL. */
const corpus = loadGroups(HERE).flatMap((g) => g.cases);
const edges = loadGroups(join(HERE, 'edges'));
const cases = [...corpus, ...edges.flatMap((g) => g.cases)];
/** Many statements each: what the planner makes of all of them is no list to keep. */
const WIDE = ['breadth', 'traps', 'doubts', 'texts', 'surprises', 'schema', 'settings'];
const wide = new Set(edges.flatMap((g) => (WIDE.includes(g.name) ? g.cases : [])).map((c) => c.id));
/** Thousands of rows show no more of a broken product than a few do. */
const BULK = 'write.bulk.';
const names = Object.keys(MUTATIONS);
const lines: Line[][] = [PARTS, ...names].map(() => []);

/** Our local predicates beside those of PostgreSQL's planner: of the cases, and of random statements. */
const [planned, random] = [newComparison(), newComparison()];
/** The same with a footprint that is too narrow. */
const planted = newComparison(MUTATIONS['outer joins filter like inner ones']);
const nowhere: string[] = [];

let database: Database;
let session: Session;

beforeAll(async () => {
  process.env['FRESHET_CONFORMANCE_PORT'] ??= '15997';
  await loadParser();
  database = await scratchDatabase();
  session = await Session.open(database.url);
  await session.run(PLAIN_PLANS);
  const schemas = loadSchemas([HERE]);
  for (const c of cases) {
    const all = await runCase(session, c, schemas, {
      products: c.id.startsWith(BULK) ? [PARTS] : [PARTS, ...Object.values(MUTATIONS)],
      look: async (played) => {
        nowhere.push(...misplaced(played.case, played.catalog));
        if (!wide.has(played.case.id)) await compareCase(session, played, planned);
        if (played.case.id.startsWith('join.')) await compareCase(session, played, planted);
      },
    });
    for (const [i, own] of lines.entries()) own.push(...(all[i] ?? all[0] ?? []));
  }
}, 1_800_000);

afterAll(async () => {
  await session.close();
  database.stop();
});

describe('the conformance cases, with row images of logical decoding', () => {
  test('no entry survives a change of its answer', () => {
    expect(score(cases, lines[0] ?? []).misses).toEqual([]);
  });

  test('no statement is cached that must not be', () => {
    expect(score(cases, lines[0] ?? []).accepted).toEqual([]);
  });

  test('every refusal says where in the statement its construct stands', () => {
    expect(nowhere).toEqual([]);
  });

  test('at least 97 of 100 deletes that row images can judge are right', () => {
    expect(precision(score(corpus, lines[0] ?? []))).toBeGreaterThanOrEqual(97);
  });

  test('at most 1 in 100 cacheable statements is refused', () => {
    const { refused, cacheable } = score(corpus, lines[0] ?? []);
    expect(refused.length / cacheable).toBeLessThanOrEqual(0.01);
  });

  test.each(names.map((name, i) => [name, i + 1] as const))('the suite sees it when %s', (_, i) => {
    expect(score(cases, lines[i] ?? []).misses.length).toBeGreaterThan(0);
  });
});

test('200 random cases of seed 20 leave no stale entry', async () => {
  const tally = await runRandom(
    session,
    200,
    20,
    () => undefined,
    (played) => compareCase(session, played, random),
  );
  expect(tally.misses).toEqual([]);
  expect(tally.changed).toBeGreaterThan(200);
}, 600_000);

describe("beside the planner's own local predicates", () => {
  test('a row that only ours shut out comes and goes without a trace', () => {
    for (const { ours } of [planned, random]) expect(ours.filter(({ idle }) => idle === false)).toEqual([]);
  });

  test('a row that only a footprint too narrow shut out leaves a trace', () => {
    expect(planted.ours.filter(({ idle }) => idle === false).length).toBeGreaterThan(0);
  });

  test('the planner shuts out rows that ours let in only where it is known why', () => {
    expect(planned.planner.map(({ entry }) => entry).filter((entry) => !(entry in NARROWER))).toEqual([]);
  });

  test('most rows are judged alike', () => {
    expect(planned.both).toBeGreaterThan(planned.planner.length);
    expect(random.both).toBeGreaterThan(random.planner.length + random.ours.length);
  });
});
