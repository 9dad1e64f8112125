import { randomInt } from 'node:crypto';
import { Dice } from '../conformance/random/dice.js';
import { World } from './world.js';

jest.setTimeout(180_000);

const SEED = Number(process.env['FRESHET_RANDOM_SEED'] ?? randomInt(1, 2 ** 31));
/** Bounded by work and not by time, so that a seed always means the same run. */
const TURNS = 12;
const WRITES_A_TURN = 3;
const READS_A_TURN = 14;

const id = (dice: Dice): number => dice.int(1, 4);
const year = (dice: Dice): string => {
  const from = dice.int(2023, 2024);
  return `start_date=${from}-04-01&end_date=${from + 1}-03-31`;
};
const ordering = (dice: Dice, ...names: readonly string[]): string =>
  `ordering=${dice.chance(0.5) ? '-' : ''}${dice.pick(names)}`;
const WORDS = ['e', 'Me', 'Ring', 'NT/', 'x', '%'];

/** Requests to every kind of route. */
const REQUESTS: readonly ((dice: Dice) => string)[] = [
  (dice) => `businesses/?${year(dice)}`,
  (dice) => `businesses/${id(dice)}/`,
  () => 'businesses/performance/',
  (dice) => `customers/?search=${encodeURIComponent(dice.pick(WORDS))}&page_size=2`,
  (dice) => `customers/?${year(dice)}&page_size=1000`,
  (dice) => `customers/${id(dice)}/`,
  (dice) => `customers/search/?customer_name=${encodeURIComponent(dice.pick(WORDS))}`,
  () => 'customers/top/',
  () => 'customers/export_csv/',
  () => 'products/?page_size=1000',
  (dice) => `products/search/?product_name=${encodeURIComponent(dice.pick(WORDS))}`,
  (dice) => `products/${id(dice)}/`,
  () => 'products/top/',
  (dice) => `products/${id(dice)}/hsn_usage/`,
  (dice) => `invoices/?business_id=${id(dice)}&page_size=2&page=1`,
  (dice) => `invoices/?customer_id=${id(dice)}&${ordering(dice, 'total_amount', 'invoice_date', 'invoice_number')}`,
  (dice) => `invoices/?search=${encodeURIComponent(dice.pick(WORDS))}`,
  (dice) => `invoices/?include_items=true&${year(dice)}`,
  (dice) => `invoices/${id(dice)}/`,
  (dice) => `invoices/${id(dice)}/summary/`,
  (dice) => `invoices/${id(dice)}/print/`,
  (dice) => `invoices/${id(dice)}/eway_bill/`,
  (dice) => `invoices/${id(dice)}/line-items/`,
  (dice) => `invoices/totals/?${year(dice)}`,
  (dice) => `invoices/all_ids/?business_id=${id(dice)}`,
  () => 'invoices/monthly_totals/',
  () => 'invoices/distribution/',
  (dice) => `invoices/check_duplicate/?business_id=${id(dice)}&invoice_number=X-${id(dice)}&invoice_date=2024-05-02`,
  (dice) => `invoices/next_invoice_number/?business_id=${id(dice)}&type_of_invoice=outward&invoice_date=2024-05-02`,
  () => 'invoices/data_quality/',
  (dice) => `invoices/stats/?business_id=${id(dice)}`,
  (dice) => `invoices/stats/?${year(dice)}`,
  (dice) => `invoices/gst_summary/?${year(dice)}&business_id=${id(dice)}`,
  (dice) => `invoices/gstr_export/?${year(dice)}`,
  (dice) => `invoices/gstr1-portal-json/?business_id=${id(dice)}&month=5&year=2024`,
  (dice) => `line-items/?invoice_id=${id(dice)}`,
  (dice) => `line-items/${id(dice)}/`,
  (dice) => `inward-bills/?business=${id(dice)}`,
  (dice) => `inward-bills/${id(dice)}/`,
  (dice) => `itc-ledger/${id(dice)}/`,
  (dice) => `audit-logs/?page_size=${dice.int(1, 3)}`,
  () => 'profile/',
  () => 'users/',
  () => 'preferences/',
];

/** Writes of every kind: one row, many rows, moved keys, cascades, nothing at all. */
const WRITES: readonly ((dice: Dice) => string)[] = [
  (dice) => `UPDATE billing_invoice SET total_amount = ${dice.int(1, 5000)} WHERE id = ${id(dice)}`,
  (dice) =>
    `UPDATE billing_invoice SET invoice_date = '202${dice.int(3, 4)}-0${dice.int(1, 9)}-02' WHERE id = ${id(dice)}`,
  (dice) => `UPDATE billing_invoice SET invoice_number = 'X-' || id WHERE business_id = ${id(dice)}`,
  (dice) => `UPDATE billing_invoice SET type_of_invoice = '${dice.pick(['inward', 'outward'])}' WHERE id = ${id(dice)}`,
  (dice) =>
    `UPDATE billing_invoice SET customer_id = ${dice.int(1, 3)}, business_id = ${dice.int(1, 2)} WHERE id = ${id(dice)}`,
  (dice) => `UPDATE billing_invoice SET eway_bill_number = 'E${dice.int(1, 99)}' WHERE id = ${id(dice)}`,
  (
    dice,
  ) => `INSERT INTO billing_invoice SELECT (jsonb_populate_record(NULL::billing_invoice, to_jsonb(i) || jsonb_build_object('id', ${id(dice)}, 'invoice_number', 'Y'))).*
             FROM (SELECT * FROM billing_invoice LIMIT 1) i ON CONFLICT DO NOTHING`,
  (dice) => {
    const gone = id(dice);
    return `BEGIN; DELETE FROM billing_lineitem WHERE invoice_id = ${gone}; DELETE FROM billing_invoice WHERE id = ${gone}; COMMIT`;
  },
  (dice) =>
    `UPDATE billing_lineitem SET amount = ${dice.int(1, 3000)}, product_name = '${dice.pick(['Ring', 'Chain'])}' WHERE id = ${id(dice)}`,
  (dice) =>
    `UPDATE billing_lineitem SET hsn_code = '${dice.pick(['', '7113', '711319'])}' WHERE invoice_id = ${id(dice)}`,
  (
    dice,
  ) => `INSERT INTO billing_lineitem SELECT (jsonb_populate_record(NULL::billing_lineitem, to_jsonb(l) || jsonb_build_object('id', ${id(dice)}, 'invoice_id', i.id))).*
             FROM (SELECT * FROM billing_lineitem LIMIT 1) l, (SELECT id FROM billing_invoice LIMIT 1) i ON CONFLICT DO NOTHING`,
  (dice) => `DELETE FROM billing_lineitem WHERE id = ${id(dice)}`,
  (dice) => `UPDATE billing_customer SET name = 'Name ' || ${dice.int(1, 99)} || '/' || id WHERE id = ${id(dice)}`,
  (dice) =>
    `UPDATE billing_customer SET gst_number = ${dice.pick(['NULL', "''", "'27AAAPB1234C1Z5'"])} WHERE id = ${id(dice)}`,
  (dice) => `INSERT INTO billing_customer (id, created_at, updated_at, workspace_id, name)
             VALUES (4, now(), now(), 1, 'New ${dice.int(1, 99)}') ON CONFLICT DO NOTHING`,
  (dice) => `DELETE FROM billing_customer_businesses WHERE customer_id = ${id(dice)}`,
  (
    dice,
  ) => `INSERT INTO billing_customer_businesses (id, customer_id, business_id) VALUES (${dice.int(10, 15)}, ${dice.int(1, 3)}, ${dice.int(1, 2)})
             ON CONFLICT DO NOTHING`,
  (dice) => `UPDATE billing_business SET name = 'Firm ${dice.int(1, 99)}/' || id WHERE id = ${id(dice)}`,
  (
    dice,
  ) => `INSERT INTO billing_product (id, created_at, updated_at, workspace_id, name, hsn_code, gst_tax_rate, default_unit)
             VALUES (${id(dice)}, now(), now(), 1, 'Ring ${dice.int(1, 99)}', '711319', 0.03, 'gms') ON CONFLICT DO NOTHING`,
  (dice) => `UPDATE billing_product SET name = '${dice.pick(['Ring', 'Chain'])} ' || id WHERE id = ${id(dice)}`,
  (dice) => `INSERT INTO billing_auditlog (action, entity, entity_id, entity_name, user_id, details, "timestamp")
             VALUES ('updated', 'invoice', ${id(dice)}, 'x', ${dice.int(1, 2)}, '', now())`,
  (dice) => `UPDATE auth_user SET last_name = 'L${dice.int(1, 99)}' WHERE id = ${dice.int(1, 2)}`,
  (
    dice,
  ) => `INSERT INTO billing_userpreference (user_id, data, updated_at) VALUES (1, '{"page": ${dice.int(1, 9)}}', now())
             ON CONFLICT (user_id) DO UPDATE SET data = excluded.data`,
  (dice) => `BEGIN; UPDATE billing_invoice SET total_amount = ${dice.int(1, 99)}; ROLLBACK`,
];

describe(`random requests between random writes (FRESHET_RANDOM_SEED=${SEED})`, () => {
  let world: World;

  beforeAll(async () => {
    world = await World.begin();
    await world.writer.query('TRUNCATE billing_product');
  });
  afterAll(() => world?.end());

  const body = async (
    path: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string; cache: string }> => {
    const response = await fetch(`${world.readApi.url}/api/${path}`, {
      headers: { authorization: world.authorization, ...headers },
    });
    return { status: response.status, text: await response.text(), cache: response.headers.get('cache-status') ?? '' };
  };

  /** A name that is taken is refused by the database: then nothing has changed. */
  async function write(sql: string): Promise<void> {
    await world.writer.query(sql).catch(async (error: unknown) => {
      if ((error as { code?: unknown }).code !== '23505') throw error;
      await world.writer.query('ROLLBACK');
    });
  }

  it('answer from the store what the database answers, whenever all writes so far are applied', async () => {
    const dice = new Dice(SEED);
    const history: string[] = [];
    let hits = 0;
    // Every route once, and then again whatever was asked before: entries must be there to be wrong.
    const asked = new Set(REQUESTS.map((request) => request(dice)));
    for (let turn = 0; turn < TURNS; turn++) {
      for (const path of asked) await body(path);
      for (let count = 0; count < WRITES_A_TURN; count++) {
        const sql = dice.pick(WRITES)(dice);
        history.push(sql);
        await write(sql);
        for (const path of dice.sample([...asked], 5)) await body(path);
      }
      await world.applied();
      for (const path of dice.sample([...asked], READS_A_TURN)) {
        const cached = await body(path);
        const { status, text } = await body(path, { 'cache-control': 'no-cache' });
        if (cached.cache.includes('; hit')) hits += 1;
        if (cached.status !== status || cached.text !== text) {
          const told = [`seed ${SEED}, turn ${turn}: GET /api/${path} (${cached.cache})`, ...history].join('\n');
          expect(`${told}\n${cached.status} ${cached.text}`).toBe(`${told}\n${status} ${text}`);
        }
        expect(status).toBeLessThan(500);
      }
      for (const path of dice.sample(REQUESTS, 3)) asked.add(path(dice));
    }
    expect(hits).toBeGreaterThan(TURNS);
  });
});
