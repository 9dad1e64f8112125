import { Client } from 'pg';
import { placeFrom } from '../stack/place.js';
import { type Stack, startStack } from '../stack/stack.js';
import { until } from '../stack/until.js';
import { AppliedWatch } from './applied-watch.js';
import { Deployment } from './deployment.js';
import { type Answer, get } from './reader.js';
import { authorization, PLACE } from './place.js';
import { Scene } from './scene.js';

jest.setTimeout(300_000);

const INVOICE = '/api/invoices/1/';
const EARLIER = '/api/invoices/2/';

/**
 * PostgreSQL gives an id to a transaction before anything of it is on disk. One that is rolled back and lost in a crash leaves its id to
 * another transaction, while a snapshot from before the crash takes the id for one that is over.
 */
const BUSY_CDC =
  "SELECT count(*)::text FROM pg_stat_activity WHERE usename = 'cdc' AND state = 'active' AND backend_type = 'client backend'";
/** They write the log to disk in their own time, or make others do it. */
const LOG_WRITERS = `SELECT pid FROM pg_stat_activity
  WHERE backend_type IN ('walwriter', 'background writer', 'checkpointer', 'autovacuum launcher')`;

describe('a database that crashes and gives an id out again', () => {
  let stack: Stack;
  let deployment: Deployment;
  let watch: AppliedWatch;
  const open: Client[] = [];

  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: stack.ownerUrl });
    client.on('error', () => undefined);
    open.push(client);
    await client.connect();
    return client;
  };
  const one = async (client: Client, sql: string): Promise<string> =>
    (await client.query<string[]>({ text: sql, rowMode: 'array' })).rows[0]?.[0] ?? '';
  const read = (path: string): Promise<Answer> => get(deployment.services['read-api'].url + path, { authorization });
  const warm = (path: string): Promise<Answer> =>
    until('the entry', 30_000, async () => {
      const answer = await read(path);
      return answer.cache.startsWith('hit') && answer;
    });
  const applied = async (client: Client): Promise<void> => {
    const now = Number(await one(client, 'SELECT extract(epoch FROM clock_timestamp()) * 1000'));
    await until('the change to be applied', 60_000, async () => (watch.watermarkMs ?? 0) > now);
  };
  const configure = async (sql: string): Promise<void> => {
    const client = await connect();
    await client.query(sql);
    await client.query('SELECT pg_reload_conf()');
  };

  beforeAll(async () => {
    stack = await startStack(placeFrom({ ...PLACE, ...process.env }));
    await new Scene().seed(await connect(), Date.now());
    // The freshness gate must not hide what the protocol lets through.
    deployment = await Deployment.begin(stack, { 'read-api': { env: { MAX_STALENESS: '10m' } } });
    watch = new AppliedWatch({ ...stack.redis, db: 1 });
  });
  afterAll(async () => {
    await watch?.end();
    await deployment?.end();
    await configure('ALTER SYSTEM RESET wal_writer_delay');
    await Promise.all(open.map((client) => client.end().catch(() => undefined)));
  });

  it('is not taken for one whose change the entry has seen', async () => {
    const before = await connect();
    await configure("ALTER SYSTEM SET wal_writer_delay = '10s'");
    await applied(before);
    await warm(EARLIER);
    stack.pause('connect'); // its heartbeat would write the log to disk
    await until('the last heartbeat to be over', 10_000, async () => (await one(before, BUSY_CDC)) === '0');
    const writers = (await before.query<{ pid: number }>(LOG_WRITERS)).rows.map(({ pid }) => pid);
    writers.forEach((pid) => process.kill(pid, 'SIGSTOP'));
    await before.query('BEGIN; UPDATE billing_customer SET name = name WHERE id = 8');
    const lost = await one(before, 'SELECT pg_current_xact_id()::text');
    await before.query('ROLLBACK');
    expect((await read(INVOICE)).cache).toBe('fwd=miss; stored');
    await stack.kill('postgres');
    writers.forEach((pid) => process.kill(pid, 'SIGKILL'));
    await deployment.bringUp('postgres');

    const after = await connect();
    await after.query('BEGIN; UPDATE billing_invoice SET total_amount = 222 WHERE id = 1');
    expect(await one(after, 'SELECT pg_current_xact_id()::text')).toBe(lost);
    await after.query('COMMIT');
    stack.resume('connect');
    await stack.registerConnector();
    await applied(after);
    expect(JSON.parse((await read(INVOICE)).body)).toMatchObject({ total_amount: '222.000' });
  });
});
