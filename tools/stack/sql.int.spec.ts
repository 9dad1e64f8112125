import { Client } from 'pg';
import { applySql, createDatabase } from './sql.js';

const SERVER = process.env['FRESHET_TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const DATABASE = 'infra_sql_int';
const url = (user: string) => Object.assign(new URL(DATABASE, SERVER), { username: user, password: user }).href;
const OWNER = new URL(DATABASE, SERVER).href;
const DENIED = '42501';

let owner: Client;

beforeAll(async () => {
  await createDatabase(SERVER, DATABASE);
  owner = new Client({ connectionString: OWNER });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  const server = new Client({ connectionString: SERVER });
  await server.connect();
  await server.query(`DROP DATABASE ${DATABASE}`);
  await server.end();
});

/** What the scripts leave behind, by the catalogue. */
async function catalogue(): Promise<unknown> {
  const { rows } = await owner.query<{ state: unknown }>(`
    SELECT jsonb_build_object(
      'relations', (SELECT jsonb_agg(jsonb_build_array(oid, relname, relreplident, relacl::text) ORDER BY relname)
                    FROM pg_class WHERE relnamespace = 'public'::regnamespace),
      'publication', (SELECT jsonb_agg(tablename ORDER BY tablename) FROM pg_publication_tables WHERE pubname = 'freshet'),
      'publishes', (SELECT jsonb_build_array(pubinsert, pubupdate, pubdelete, pubtruncate) FROM pg_publication),
      'triggers', (SELECT jsonb_agg(evtname ORDER BY evtname) FROM pg_event_trigger)) AS state`);
  return rows[0]?.state;
}

async function as<T>(user: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url(user) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('a table that the application made before is left as it is', async () => {
  await owner.query('CREATE TABLE auth_group (id integer PRIMARY KEY, name varchar(150) NOT NULL, extra text)');
  await applySql(OWNER);
  const columns = await owner.query(
    "SELECT attname FROM pg_attribute WHERE attrelid = 'auth_group'::regclass AND attnum > 0",
  );
  expect(columns.rows).toEqual([{ attname: 'id' }, { attname: 'name' }, { attname: 'extra' }]);
});

test('the accounts get the passwords that they are given, and keep them when none is given', async () => {
  const stored = async (): Promise<unknown> => {
    const accounts = await owner.query<{ rolname: string; rolpassword: string }>(
      "SELECT rolname, rolpassword FROM pg_authid WHERE rolname IN ('reader', 'cdc') ORDER BY rolname",
    );
    return accounts.rows;
  };
  await applySql(OWNER, { reader: 'reader', cdc: 'cdc' });
  const given = await stored();
  expect(given).toEqual([
    { rolname: 'cdc', rolpassword: expect.stringMatching(/^SCRAM/) as unknown },
    { rolname: 'reader', rolpassword: expect.stringMatching(/^SCRAM/) as unknown },
  ]);
  await applySql(OWNER);
  expect(await stored()).toEqual(given);
});

test('running every script again changes nothing', async () => {
  const before = await catalogue();
  await applySql(OWNER);
  expect(await catalogue()).toEqual(before);
});

test('the publication carries every table a view reads, with truncates and whole old rows, and nothing secret', async () => {
  const { rows } = await owner.query<{ table: string; identity: string }>(`
    SELECT tablename AS table, relreplident AS identity
    FROM pg_publication_tables JOIN pg_class ON oid = tablename::regclass WHERE pubname = 'freshet' ORDER BY tablename`);
  expect(rows.map(({ table }) => table)).toEqual([
    'auth_group', 'auth_user', 'auth_user_groups', 'billing_auditlog', 'billing_business', 'billing_customer', 'billing_customer_businesses',
    'billing_invoice', 'billing_itcreclaimledger', 'billing_lineitem', 'billing_product', 'billing_userpreference', 'freshet_heartbeat',
  ]); // prettier-ignore
  expect(new Set(rows.map(({ identity }) => identity))).toEqual(new Set(['f']));
  expect((await owner.query('SELECT pubtruncate FROM pg_publication')).rows).toEqual([{ pubtruncate: true }]);
});

test('the reader reads every captured table and the catalogue, and writes nothing', async () => {
  await as('reader', async (reader) => {
    const { rows } = await reader.query<{ tablename: string }>(
      "SELECT tablename FROM pg_publication_tables WHERE pubname = 'freshet' AND tablename <> 'auth_user'",
    );
    for (const { tablename } of rows) await reader.query(`SELECT * FROM ${tablename}`);
    await reader.query('SELECT id, username, is_active, is_superuser FROM auth_user');
    await reader.query(
      'SELECT pg_current_snapshot(), system_identifier FROM pg_control_system(), pg_replication_slots',
    );
    await reader.query('SET default_transaction_read_only = off');
    await expect(reader.query('UPDATE billing_business SET name = name')).rejects.toMatchObject({ code: DENIED });
    await expect(reader.query('SELECT password FROM auth_user')).rejects.toMatchObject({ code: DENIED });
    await expect(reader.query('SELECT FROM token_blacklist_outstandingtoken')).rejects.toMatchObject({ code: DENIED });
  });
});

test("the reader's plans are made for the values at hand", async () => {
  const plan = await as('reader', (reader) => reader.query('SHOW plan_cache_mode'));
  expect(plan.rows).toEqual([{ plan_cache_mode: 'force_custom_plan' }]);
});

test('the connector may move the heartbeat and nothing else, and never waits for a standby', async () => {
  await as('cdc', async (cdc) => {
    expect((await cdc.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'local' }]);
    await cdc.query('SELECT freshet_heartbeat_next()');
    await expect(cdc.query('UPDATE billing_business SET name = name')).rejects.toMatchObject({ code: DENIED });
    await expect(cdc.query('INSERT INTO freshet_heartbeat VALUES (2, 0, now())')).rejects.toMatchObject({
      code: DENIED,
    });
  });
  const { rows } = await owner.query("SELECT rolreplication, rolsuper FROM pg_roles WHERE rolname = 'cdc'");
  expect(rows).toEqual([{ rolreplication: true, rolsuper: false }]);
});
