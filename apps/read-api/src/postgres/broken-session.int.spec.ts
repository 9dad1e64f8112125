import { SourceUnavailable, type SourceSession } from '@freshet/cache-engine';
import { Pool } from 'pg';
import { StalePlan, StatementTimeout } from '../errors.js';
import { Cable, type Way } from '../testing/cable.js';
import { PostgresSource } from './postgres-source.js';
import { poolConfig } from './session-options.js';

const url = new URL(process.env['FRESHET_TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres');
/** By which the server knows the sessions of this file. */
const name = `broken-session-${process.pid}`;

const sql = (text: string) => ({ name: 'test', text, values: [] }) as never;
const one = (session: SourceSession) => session.query(sql('SELECT 1 AS one'));

let observer: Pool;
let cable: Cable;
let pool: Pool;
let source: PostgresSource;
beforeAll(() => {
  observer = new Pool({ connectionString: url.href });
});
afterAll(() => observer.end());
beforeEach(async () => {
  cable = await Cable.to(Number(url.port === '' ? 5432 : url.port));
  const through = new URL(url);
  through.port = String(cable.port);
  through.searchParams.set('application_name', name);
  pool = new Pool(poolConfig({ url: through.href, poolSize: 1, connectTimeoutMs: 2000, statementTimeoutMs: 500 }));
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  source = new PostgresSource(pool);
});
afterEach(async () => {
  await pool.end();
  cable.close();
});

async function reading<T>(work: (session: SourceSession) => Promise<T>): Promise<T> {
  const session = await source.open();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

async function states(): Promise<readonly string[]> {
  const { rows } = await observer.query<{ state: string }>(
    'SELECT state FROM pg_stat_activity WHERE application_name = $1',
    [name],
  );
  return rows.map(({ state }) => state);
}

describe('a connection that breaks in the middle of a packet', () => {
  // Either packet, that which is sent and that which comes back, is of more than 200 bytes.
  const places = [1, 40, 80, 120, 160, 200].flatMap((bytes): [number, Way][] => [
    [bytes, 'there'],
    [bytes, 'back'],
  ]);

  it.each(places)('after %i bytes %s: no row of it is used, nothing of it is met again', async (bytes, way) => {
    await reading((session) => Promise.all([one(session), one(session)]));
    cable.cutAfter(bytes, way);
    await expect(reading((session) => Promise.all([one(session), one(session)]))).rejects.toBeInstanceOf(
      SourceUnavailable,
    );
    await isGoodAsNew();
  });

  it('while its transaction ends: the rows are good, nothing of it is met again', async () => {
    const session = await source.open();
    expect(await one(session)).toEqual([{ one: '1' }]);
    cable.cutAfter(20, 'there');
    await session.close();
    await isGoodAsNew();
  });

  it('silently: whoever waits is told once the server would have given up itself', async () => {
    const session = await source.open();
    expect(await one(session)).toEqual([{ one: '1' }]);
    cable.hush();
    await expect(one(session)).rejects.toBeInstanceOf(SourceUnavailable);
    await session.close();
    await isGoodAsNew();
  });

  async function isGoodAsNew(): Promise<void> {
    cable.mend();
    expect(await reading(one)).toEqual([{ one: '1' }]);
    let left = await states();
    // The server notices in its own time that the other one is gone.
    while (left.length > 1) left = await states();
    expect(left).toEqual(['idle']);
  }
});

describe('a statement that fails in the middle of a packet', () => {
  const fails = (session: SourceSession, text: string) => session.query(sql(text)).catch((error: unknown) => error);

  it('is the reason for what is sent behind it, and for what is asked later', async () => {
    await reading(async (session) => {
      const [, error, behind] = await Promise.all([
        one(session),
        fails(session, 'SELECT 1/0'),
        fails(session, 'SELECT 2'),
      ]);
      expect(error).toMatchObject({ code: '22012' });
      expect(behind).toBe(error);
      expect(await fails(session, 'SELECT 3')).toBe(error);
    });
    expect(await reading(one)).toEqual([{ one: '1' }]);
  });

  it('nobody need wait for: its time, or a plan that no longer fits, is told to who comes after it', async () => {
    const table = `broken_session_${process.pid}`;
    await observer.query(`CREATE TABLE ${table} AS SELECT 1 AS v`);
    try {
      await reading((session) => session.query(sql(`SELECT * FROM ${table}`)));
      await observer.query(`ALTER TABLE ${table} ADD COLUMN w int`);
      await reading(async (session) => {
        void fails(session, `SELECT * FROM ${table}`);
        expect(await fails(session, 'SELECT 4')).toBeInstanceOf(StalePlan);
      });
      await reading(async (session) => {
        void fails(session, 'SELECT pg_sleep(60)');
        expect(await fails(session, 'SELECT 5')).toBeInstanceOf(StatementTimeout);
      });
      expect(await reading((session) => session.query(sql(`SELECT * FROM ${table}`)))).toEqual([{ v: '1', w: null }]);
    } finally {
      await observer.query(`DROP TABLE ${table}`);
    }
  });

  it('leaves no transaction behind when it fails after its session was closed', async () => {
    const session = await source.open();
    await one(session);
    const late = fails(session, 'SELECT 1/0');
    await session.close();
    expect(await late).toMatchObject({ code: '22012' });
    expect(await states()).not.toContain('idle in transaction (aborted)');
    expect(await reading(one)).toEqual([{ one: '1' }]);
  });
});
