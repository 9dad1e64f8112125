import { type World } from '../e2e/world.js';
import { Browser, emptyTally, type Tally } from './browser.js';
import { type Desk, flows } from './flows.js';
import { Original } from './original.js';
import * as sql from './statements.js';

export interface Play {
  readonly rounds: number;
  /** How many tabs work at the same time. */
  readonly tabs: number;
  /** Whether the token of a write goes with the reads after it. */
  readonly cookie: boolean;
  /** Told of each thousand rounds. */
  readonly log?: (line: string) => void;
}

/** Higher than any id, count or price on a page, so that a mark is never part of another figure. */
const FIRST_MARK = 20_000_000;

const TOLD_EVERY = 1000;

const SEEDED = [
  'auth_user',
  'auth_user_groups',
  'billing_business',
  'billing_customer',
  'billing_customer_businesses',
  'billing_product',
  'billing_invoice',
  'billing_lineitem',
];

/** Plays the flows in turn, each tab its own, until the rounds are used up. */
export async function play(world: World, { rounds, tabs, cookie, log = () => undefined }: Play): Promise<Tally> {
  await passSeededIds(world);
  const tally = emptyTally();
  const names = Object.keys(flows);
  const tab = async (number: number): Promise<void> => {
    const client = await world.connect();
    try {
      const desk = await deskOf(new Browser(world, tally, cookie), new Original(client));
      while (tally.rounds < rounds) {
        const round = tally.rounds++;
        if (round > 0 && round % TOLD_EVERY === 0) log(tallyText(tally));
        await flows[names[(round + number) % names.length] ?? '']?.(desk, String(FIRST_MARK + round));
      }
    } finally {
      await client.end();
    }
  };
  await Promise.all(Array.from({ length: tabs }, (_, number) => tab(number)));
  return tally;
}

async function deskOf(browser: Browser, original: Original): Promise<Desk> {
  const customer = await original.nextId('billing_customer');
  const product = await original.nextId('billing_product');
  const invoice = await original.nextId('billing_invoice');
  const business = await original.nextId('billing_business');
  await original.request(
    sql.insertBusiness(business),
    [sql.insertCustomer(customer, `Customer ${customer}`), sql.link(customer, business)],
    [
      `INSERT INTO billing_product (id, created_at, updated_at, workspace_id, name, hsn_code, gst_tax_rate, default_unit)
       VALUES ($1, '2024-06-01', '2024-06-01', 1, $2, '7113', 0.03, 'gms')`,
      product,
      `Product ${product}`,
    ],
    sql.insertInvoice({ id: invoice, business, customer, number: `D-${invoice}` }),
  );
  return { browser, original, business, customer, product, invoice };
}

/** The rows that a world begins with have chosen their ids themselves. */
async function passSeededIds({ writer }: World): Promise<void> {
  // Products are nobody's there, and names of an earlier run would be taken.
  await writer.query('TRUNCATE billing_product');
  for (const table of SEEDED) {
    const last = `(SELECT 1000 + coalesce(max(id), 0) FROM ${table})`;
    await writer.query(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), ${last})`);
  }
}

export function tallyText({ rounds, missed, hits, misses, bypasses }: Tally): string {
  return `${rounds} rounds, own writes missed ${missed.length}, reads: ${hits} hits, ${misses} misses, ${bypasses} bypasses`;
}
