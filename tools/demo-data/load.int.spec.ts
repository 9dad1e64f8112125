import { Client } from 'pg';
import { applySql, createDatabase } from '../stack/sql.js';
import { loadDemoData } from './load.js';

const SERVER = process.env['FRESHET_TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const DATABASE = 'demo_data_int';
const OWNER = new URL(DATABASE, SERVER).href;

let client: Client;

beforeAll(async () => {
  await createDatabase(SERVER, DATABASE);
  await applySql(OWNER);
  client = new Client({ connectionString: OWNER });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  const server = new Client({ connectionString: SERVER });
  await server.connect();
  await server.query(`DROP DATABASE ${DATABASE}`);
  await server.end();
});

const one = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows[0];

test('an empty database is filled once, and a second load leaves it as it is', async () => {
  expect(await loadDemoData(OWNER, { invoices: 400, seed: 1 })).toBe(true);
  expect(await loadDemoData(OWNER, { invoices: 400, seed: 2 })).toBe(false);
  expect(
    await one('SELECT count(*)::int AS bills, count(DISTINCT business_id)::int AS businesses FROM billing_invoice'),
  ).toEqual({
    bills: 400,
    businesses: 3,
  });
});

test('every foreign key of the loaded rows holds', async () => {
  const { rows } = await client.query<{ child: string; parent: string; column: string }>(`
    SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent, a.attname AS column
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f'`);
  expect(rows.length).toBeGreaterThan(10);
  for (const { child, parent, column } of rows) {
    const orphans = `SELECT count(*)::int AS n FROM ${child} WHERE ${column} IS NOT NULL AND ${column} NOT IN (SELECT id FROM ${parent})`;
    expect([child, column, await one(orphans)]).toEqual([child, column, { n: 0 }]);
  }
});

test('a row inserted afterwards gets the next id', async () => {
  expect(await one("INSERT INTO auth_group (name) VALUES ('auditor') RETURNING id")).toEqual({ id: 4 });
});
