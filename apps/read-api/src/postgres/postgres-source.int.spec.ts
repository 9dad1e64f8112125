import { SourceUnavailable, type SourceSession } from '@freshet/cache-engine';
import { Pool } from 'pg';
import { StatementTimeout } from '../errors.js';
import { PostgresSource } from './postgres-source.js';
import { poolConfig } from './session-options.js';

const url = process.env['FRESHET_TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const limits = { poolSize: 2, connectTimeoutMs: 300, statementTimeoutMs: 10_000 };
const pools: Pool[] = [];

function sourceOf(changes: Partial<typeof limits & { url: string }> = {}): PostgresSource {
  const pool = new Pool(poolConfig({ url, ...limits, ...changes }));
  pool.on('error', () => undefined);
  pools.push(pool);
  return new PostgresSource(pool);
}
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.end())));

const sql = (text: string, ...values: unknown[]) => ({ name: 'test', text, values }) as never;
async function reading<T>(source: PostgresSource, work: (session: SourceSession) => Promise<T>): Promise<T> {
  const session = await source.open();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

test('every value comes as the text that PostgreSQL writes, in UTC', async () => {
  const text = `SELECT 1.50::numeric AS n, 9007199254740993::bigint AS i, true AS b, NULL::int AS nothing, DATE '2024-05-01' AS d,
    TIMESTAMPTZ '2024-05-01 10:00:00.1+05:30' AS t, '{"a": 1.50}'::jsonb AS j, ARRAY[1,2] AS l`;
  const rows = await reading(sourceOf(), (session) => session.query(sql(text)));
  expect(rows).toEqual([
    {
      n: '1.50',
      i: '9007199254740993',
      b: 't',
      nothing: null,
      d: '2024-05-01',
      t: '2024-05-01 04:30:00.1+00',
      j: '{"a": 1.50}',
      l: '{1,2}',
    },
  ]);
});

test('values go as parameters: arrays with their quotes, NULLs and braces', async () => {
  const nasty = ['a', 'b "c" \\ , {}', 'NULL', '', "d'e"];
  const text = 'SELECT u AS v FROM unnest($1::text[]) WITH ORDINALITY AS t(u, o) ORDER BY o';
  const rows = await reading(sourceOf(), (session) => session.query(sql(text, [...nasty, null])));
  expect(rows.map((row) => row['v'])).toEqual([...nasty, null]);
});

test('a session sees one snapshot, taken before its first row', async () => {
  const source = sourceOf();
  const table = `source_spec_${process.pid}`;
  const writer = new Pool({ connectionString: url });
  await writer.query(`CREATE TABLE ${table} AS SELECT 1 AS v`);
  try {
    await reading(source, async (session) => {
      await session.query(sql('SELECT 1 AS one'));
      await writer.query(`UPDATE ${table} SET v = 2`);
      expect(await session.query(sql(`SELECT v FROM ${table}`))).toEqual([{ v: '1' }]);
      const now = await session.query(sql('SELECT pg_current_snapshot()::text AS snapshot'));
      expect(now[0]?.['snapshot']).toBe(session.snapshot?.replace(/@.*/, ''));
      expect(session.snapshot).toMatch(/^\d+:\d+:[\d,]*@\d+$/);
    });
  } finally {
    await writer.query(`DROP TABLE ${table}`);
    await writer.end();
  }
});

test('no setting of the role changes a text', async () => {
  const owner = new Pool({ connectionString: url });
  const role = `source_spec_role_${process.pid}`;
  const settings = {
    TimeZone: 'Asia/Kolkata',
    DateStyle: 'SQL, DMY',
    IntervalStyle: 'iso_8601',
    bytea_output: 'escape',
    extra_float_digits: '-10',
  };
  await owner.query(`CREATE ROLE ${role} LOGIN`);
  for (const [name, value] of Object.entries(settings))
    await owner.query(`ALTER ROLE ${role} SET ${name} = '${value}'`);
  try {
    const text = `SELECT '02/03/2026'::date AS day, '2026-02-03 00:00Z'::timestamptz AS instant, '26 hours'::interval AS long,
      '\\x00ff'::bytea AS bytes, 0.1::float8 + 0.2::float8 AS sum`;
    const as = new URL(url);
    as.username = role;
    const own = await reading(sourceOf(), (session) => session.query(sql(text)));
    expect(await reading(sourceOf({ url: as.href }), (session) => session.query(sql(text)))).toEqual(own);
    expect(own).toEqual([{ day: '2026-02-03', instant: '2026-02-03 00:00:00+00', long: '26:00:00', bytes: '\\x00ff', sum: '0.30000000000000004' }]); // prettier-ignore
  } finally {
    await owner.query(`DROP ROLE ${role}`);
    await owner.end();
  }
});

test('a session cannot write', () =>
  expect(reading(sourceOf(), (session) => session.query(sql('CREATE TABLE never (v int)')))).rejects.toMatchObject({
    code: '25006',
  }));

test('a failed statement spoils neither the pool nor the next session', async () => {
  const source = sourceOf({ poolSize: 1 });
  await expect(reading(source, (session) => session.query(sql('SELECT 1/0')))).rejects.toMatchObject({ code: '22012' });
  expect(await reading(source, (session) => session.query(sql('SELECT 1 AS one')))).toEqual([{ one: '1' }]);
});

test('a statement that takes too long is ended', () =>
  expect(
    reading(sourceOf({ statementTimeoutMs: 20 }), (session) => session.query(sql('SELECT pg_sleep(10)'))),
  ).rejects.toBeInstanceOf(StatementTimeout));

test('without a free connection the source is unavailable, and not for ever', async () => {
  const source = sourceOf({ poolSize: 1 });
  const first = await source.open();
  await expect(source.open()).rejects.toBeInstanceOf(SourceUnavailable);
  await first.close();
  await (await source.open()).close();
});

test.each(['postgres://postgres@127.0.0.1:1/postgres', 'postgres://nobody:x@127.0.0.1:5432/no_such_database'])(
  'a server or database that is not there is unavailable: %s',
  (elsewhere) => expect(sourceOf({ url: elsewhere }).open()).rejects.toBeInstanceOf(SourceUnavailable),
);

test('closing twice gives one connection back', async () => {
  const source = sourceOf({ poolSize: 1 });
  const session = await source.open();
  await session.close();
  await session.close();
  const a = await source.open();
  await expect(source.open()).rejects.toBeInstanceOf(SourceUnavailable);
  await a.close();
});
