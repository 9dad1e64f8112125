import { until } from '../stack/until.js';
import { World } from './world.js';

jest.setTimeout(180_000);

const INVOICE = '/api/invoices/1/';

/**
 * A commit is in the log as soon as it is flushed, and visible only after a synchronous standby has answered. With a standby that does not
 * exist the time between the two lasts as long as the test wants.
 */
describe('R2: a change that is applied before it is visible', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.begin();
  });
  afterAll(async () => {
    await release();
    await world.end();
  });

  const configure = async (sql: string): Promise<void> => {
    await world.writer.query(sql);
    await world.writer.query('SELECT pg_reload_conf()');
  };
  const release = (): Promise<void> => configure('ALTER SYSTEM RESET synchronous_standby_names');

  it('is not undone by a read in between: the fill is refused, and after the release nothing stale is served', async () => {
    const old = await world.warm(INVOICE);
    await configure("ALTER SYSTEM SET synchronous_standby_names = 'ghost'");
    const other = await world.connect();
    await until('the setting to reach new sessions', 10_000, async () => {
      const { rows } = await other.query<{ value: string }>(
        "SELECT current_setting('synchronous_standby_names') AS value",
      );
      return rows[0]?.value === 'ghost';
    });
    await other.query('BEGIN; UPDATE billing_invoice SET total_amount = 777 WHERE id = 1');
    const { rows } = await other.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
    const committed = other.query('COMMIT');
    const xid = Number(BigInt(rows[0]?.xid ?? '0') % 2n ** 32n);
    await until('the change to be applied', 10_000, async () => {
      return (await world.redis.zrangebyscore('{freshet}fence', xid, xid)).length > 0;
    });
    await until('the entry to be gone', 10_000, async () => !(await world.stored(INVOICE)));

    for (let i = 0; i < 3; i++) {
      const between = await world.get(INVOICE);
      expect(between.body).toEqual(old.body);
      expect(between.cache).toBe('fwd=miss; detail=refused');
    }
    expect(await world.stored(INVOICE)).toBe(false);

    await release();
    await committed;
    await other.end();
    expect((await world.get(INVOICE)).body).toMatchObject({ total_amount: '777.000' });
    const after = await world.get(INVOICE);
    expect(after.cache).toMatch(/^hit/);
    expect(after.body).toMatchObject({ total_amount: '777.000' });
  });
});
