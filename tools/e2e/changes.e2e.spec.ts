import { World } from './world.js';

jest.setTimeout(180_000);

/** Who changes rows does not matter, and neither does how: the log tells. */
describe('a change through the whole stack', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.begin();
  });
  afterAll(() => world?.end());
  beforeEach(async () => {
    await world.seed();
    await world.applied();
  });

  const INVOICE_1 = '/api/invoices/1/';
  const INVOICE_3 = '/api/invoices/3/';
  const LIST = '/api/invoices/?business_id=1';
  const BUSINESS_2 = '/api/businesses/2/';
  const list = async (): Promise<{ count: number; results: Record<string, unknown>[] }> =>
    (await world.get(LIST)).body as { count: number; results: Record<string, unknown>[] };

  /** Warms both, makes the change, and expects the first to be read anew and the second to be served from the store. */
  async function expectFresh(path: string, unrelated: string, change: string): Promise<unknown> {
    const before = await world.warm(path);
    await world.warm(unrelated);
    await world.change(change);
    const after = await world.get(path);
    expect(after.cache).toBe('fwd=miss; stored');
    expect(after.body).not.toEqual(before.body);
    expect((await world.get(unrelated)).cache).toMatch(/^hit/);
    return after.body;
  }

  it('shows an inserted row in the list it belongs to, and leaves another business alone', async () => {
    const body = await expectFresh(
      LIST,
      '/api/invoices/?business_id=2',
      `INSERT INTO billing_invoice SELECT (jsonb_populate_record(i, '{"id": 9, "invoice_number": "NT/2024-25/9"}')).*
       FROM billing_invoice i WHERE id = 1`,
    );
    expect(body).toMatchObject({ count: 3 });
  });

  it('shows an updated row', async () => {
    const body = await expectFresh(INVOICE_1, INVOICE_3, 'UPDATE billing_invoice SET total_amount = 999 WHERE id = 1');
    expect(body).toMatchObject({ total_amount: '999.000' });
  });

  it('shows a bulk update by SQL in every row it touched', async () => {
    await world.warm(INVOICE_1);
    await expectFresh(LIST, BUSINESS_2, "UPDATE billing_invoice SET invoice_number = 'X-' || id WHERE business_id = 1");
    expect((await world.get(INVOICE_1)).body).toMatchObject({ invoice_number: 'X-1' });
  });

  it('answers 404 for a deleted row, and finds it again when it is back', async () => {
    await world.warm(INVOICE_1);
    await world.warm(INVOICE_3);
    await world.change('DELETE FROM billing_lineitem WHERE invoice_id = 1; DELETE FROM billing_invoice WHERE id = 1');
    expect((await world.get(INVOICE_1)).status).toBe(404);
    expect((await world.get(INVOICE_3)).cache).toMatch(/^hit/);
    await world.warm(INVOICE_1);
    await world.seed();
    await world.applied();
    expect((await world.get(INVOICE_1)).status).toBe(200);
  });

  it('shows an emptied table after TRUNCATE, and keeps entries of other tables', async () => {
    const body = await expectFresh(INVOICE_1, BUSINESS_2, 'TRUNCATE billing_lineitem');
    expect(body).toMatchObject({ line_items: [] });
  });

  it('moves a row from one customer to another', async () => {
    const [one, two, three] = [1, 2, 3].map((id) => `/api/invoices/?customer_id=${id}`) as [string, string, string];
    await world.warm(one);
    await world.warm(two);
    await world.warm(three);
    await world.change('UPDATE billing_invoice SET customer_id = 2 WHERE id = 1');
    expect((await world.get(one)).body).toMatchObject({ count: 0 });
    expect((await world.get(two)).body).toMatchObject({ count: 2 });
    expect((await world.get(three)).cache).toMatch(/^hit/);
  });

  it('deletes nothing for a transaction that was rolled back', async () => {
    await world.warm(INVOICE_1);
    await world.change('BEGIN; UPDATE billing_invoice SET total_amount = 1; DELETE FROM billing_lineitem; ROLLBACK');
    expect((await world.get(INVOICE_1)).cache).toMatch(/^hit/);
  });

  it('follows a cascade to the rows it took along', async () => {
    await world.writer.query(`ALTER TABLE billing_lineitem DROP CONSTRAINT IF EXISTS cascade_test,
      ADD CONSTRAINT cascade_test FOREIGN KEY (invoice_id) REFERENCES billing_invoice (id) ON DELETE CASCADE;
      ALTER TABLE billing_lineitem DROP CONSTRAINT IF EXISTS billing_lineitem_invoice_id_36d712b9_fk_billing_invoice_id`);
    try {
      await world.applied();
      await world.warm('/api/line-items/?invoice_id=1');
      await world.warm('/api/line-items/?invoice_id=3');
      await world.change('DELETE FROM billing_invoice WHERE id = 1');
      expect((await world.get('/api/line-items/?invoice_id=1')).body).toMatchObject({ count: 0 });
      expect((await world.get('/api/line-items/?invoice_id=3')).cache).toMatch(/^hit/);
    } finally {
      await world.writer.query(`ALTER TABLE billing_lineitem DROP CONSTRAINT cascade_test,
        ADD CONSTRAINT billing_lineitem_invoice_id_36d712b9_fk_billing_invoice_id
        FOREIGN KEY (invoice_id) REFERENCES billing_invoice (id) DEFERRABLE INITIALLY DEFERRED`);
    }
  });

  it('shows a renamed customer on the pages that show it', async () => {
    await world.warm(LIST);
    await world.warm('/api/invoices/?business_id=2');
    await world.change("UPDATE billing_customer SET name = 'Meenakshi' WHERE id = 1");
    expect((await list()).results.map((row) => row['customer_name'])).toContain('Meenakshi');
    expect((await world.get('/api/invoices/?business_id=2')).cache).toMatch(/^hit/);
  });

  it('puts a disabled user out when the change is applied, and lets the others in', async () => {
    await world.warm(INVOICE_1);
    await world.change('UPDATE auth_user SET is_active = false WHERE id = 1');
    const reply = await world.get(INVOICE_1);
    expect([reply.status, reply.body]).toEqual([401, { detail: 'User is inactive', code: 'user_inactive' }]);
  });

  it('gives a writer its own change when it names the transaction', async () => {
    await world.warm(INVOICE_1);
    await world.writer.query('BEGIN');
    await world.writer.query('UPDATE billing_invoice SET total_amount = 4321 WHERE id = 1');
    const { rows } = await world.writer.query<{ token: string }>('SELECT pg_current_xact_id()::text AS token');
    await world.writer.query('COMMIT');
    const reply = await world.get(INVOICE_1, { 'Freshet-Token': rows[0]?.token ?? '' });
    expect(reply.body).toMatchObject({ total_amount: '4321.000' });
  });
});
