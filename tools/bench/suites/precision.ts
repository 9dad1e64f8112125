import { type EntryRead } from '@freshet/cache-engine';
import { type CacheKey } from '@freshet/cache-keys';
import { Random } from '../../demo-data/random.js';
import { billingDay, type Chosen, type Edit } from '../billing-edits.js';
import { changesSince, explainer, UNEXPLAINED } from '../explained.js';
import { BareConsumer } from '../peers/bare-consumer.js';
import { Scene } from '../scene.js';
import { type BenchOptions, type Cell, type Report, type Suite } from '../suite.js';

const EDITS = 80;
const SEED = 1;

/** P8: a day of billing over filled entries. What of the deleted had changed, and why the rest went all the same. */
export const precision: Suite = {
  name: 'precision',
  summary:
    'a replayed day of billing: of the entries deleted, how many had changed, and why the others went (--rows edits)',
  run: (options) => Scene.play(options, (scene) => measure(scene, options)),
};

interface Page {
  readonly path: string;
  readonly key: CacheKey;
  body: string;
}

interface Tally {
  right: number;
  missed: string[];
  kept: number;
  /** By view and by the test that could not tell. */
  readonly needless: Map<string, number>;
}

async function measure(scene: Scene, { rows = EDITS, log }: BenchOptions): Promise<Report> {
  const bare = await BareConsumer.start(scene.stack.kafkaBroker, scene.stack.topic);
  try {
    const chosen = await chooseRows(scene);
    const pages = await fill(scene, pathsOf(chosen));
    log(`${pages.length} answers are kept`);
    const tally: Tally = { right: 0, missed: [], kept: 0, needless: new Map() };
    for (const [i, edit] of billingDay(new Random(SEED, 1), chosen, rows).entries()) {
      await replay(scene, { edit, pages, bare, tally });
      if (i % 20 === 19) log(`${i + 1} of ${rows} edits`);
    }
    return report(tally, pages.length, rows);
  } finally {
    await bare.stop();
  }
}

async function chooseRows({ writer }: Scene): Promise<Chosen> {
  const ids = async (table: string, order: string, count: number): Promise<string[]> => {
    const { rows } = await writer.query<{ id: string }>(`SELECT id::text AS id FROM ${table} ORDER BY ${order} LIMIT ${count}`); // prettier-ignore
    return rows.map(({ id }) => id);
  };
  return {
    invoices: await ids('billing_invoice', 'invoice_date DESC, id DESC', 60),
    customers: await ids('billing_customer', 'id', 20),
    products: await ids('billing_product', 'id', 10),
    businesses: await ids('billing_business', 'id', 3),
  };
}

/** What people look at while they work. */
function pathsOf({ invoices, customers, products, businesses }: Chosen): readonly string[] {
  const each = (list: readonly string[], path: (id: string) => string): readonly string[] => list.map(path);
  return [
    '/api/businesses/', '/api/businesses/performance/', '/api/customers/', '/api/customers/?page=2', '/api/customers/top/', '/api/products/', '/api/products/top/',
    '/api/invoices/', '/api/invoices/?page=2', '/api/invoices/?page=3', '/api/invoices/?ordering=-total_amount', '/api/invoices/?ordering=customer__name',
    '/api/invoices/?type_of_invoice=outward', '/api/invoices/?search=a', '/api/invoices/stats/', '/api/invoices/gst_summary/', '/api/invoices/totals/',
    '/api/invoices/monthly_totals/', '/api/invoices/distribution/', '/api/invoices/data_quality/', '/api/line-items/', '/api/inward-bills/',
    ...each(businesses, (id) => `/api/businesses/${id}/`),
    ...each(businesses, (id) => `/api/invoices/?business_id=${id}`),
    ...each(customers.slice(0, 10), (id) => `/api/customers/${id}/`),
    ...each(customers.slice(0, 5), (id) => `/api/invoices/?customer_id=${id}`),
    ...each(products, (id) => `/api/products/${id}/`),
    ...each(invoices.slice(0, 40), (id) => `/api/invoices/${id}/`),
    ...each(invoices.slice(0, 20), (id) => `/api/invoices/${id}/summary/`),
    ...each(invoices.slice(0, 20), (id) => `/api/invoices/${id}/line-items/`),
  ]; // prettier-ignore
}

/** Reads everything once and learns which key each answer is kept under; what is not kept is left out. */
async function fill(scene: Scene, paths: readonly string[]): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (const path of paths) {
    const before = new Set(await scene.redis.keys('e:*'));
    const { body, status } = await scene.get(path);
    const own = (await scene.redis.keys('e:*')).filter((key) => !before.has(key) && !key.startsWith('e:auth.'));
    const [key] = own;
    if (status === 200 && key !== undefined && own.length === 1)
      pages.push({ path, key: key as CacheKey, body: body.toString() });
  }
  return pages;
}

interface Replayed {
  readonly edit: Edit;
  readonly pages: readonly Page[];
  readonly bare: BareConsumer;
  readonly tally: Tally;
}

async function replay(scene: Scene, { edit, pages, bare, tally }: Replayed): Promise<void> {
  const reads = await readsOf(scene, pages);
  const kept = pages.filter((page) => reads.has(page));
  const heard = bare.arrivals.length;
  for (const statements of edit.transactions) await scene.writer.query(['BEGIN', ...statements, 'COMMIT'].join('; '));
  await scene.applied();
  const gone = new Set<Page>();
  for (const page of kept) if ((await scene.redis.hexists(page.key, 'body')) === 0) gone.add(page);
  const explain = await explainer(scene, changesSince(bare, heard));
  for (const page of pages) {
    const { body } = await scene.get(page.path, gone.has(page) ? {} : { 'cache-control': 'no-cache' });
    const changed = body.toString() !== page.body;
    page.body = body.toString();
    if (!reads.has(page)) continue;
    if (gone.has(page) && changed) tally.right += 1;
    else if (gone.has(page))
      count(tally.needless, `${viewOf(page.key)}: ${edit.what}: ${explain(reads.get(page) ?? [])}`);
    else if (changed) tally.missed.push(`${page.path} after: ${edit.what}`);
    else tally.kept += 1;
  }
}

/** Of the answers that are kept at this moment. */
async function readsOf({ redis }: Scene, pages: readonly Page[]): Promise<ReadonlyMap<Page, readonly EntryRead[]>> {
  const stored = await Promise.all(pages.map(({ key }) => redis.hmget(key, 'reads', 'body')));
  return new Map(
    pages.flatMap((page, i) => {
      const [reads, body] = stored[i] ?? [];
      return reads == null || body == null ? [] : [[page, JSON.parse(reads) as EntryRead[]] as const];
    }),
  );
}

function viewOf(key: CacheKey): string {
  return /^e:([^@]+)@/.exec(key)?.[1] ?? key;
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function report({ right, missed, kept, needless }: Tally, pages: number, edits: number): Report {
  const over = [...needless.values()].reduce((sum, n) => sum + n, 0);
  const unexplained = [...needless].reduce((sum, [why, n]) => sum + (why.endsWith(UNEXPLAINED) ? n : 0), 0);
  const share = (100 * right) / Math.max(1, right + over);
  const rows = [...needless].sort((a, b) => b[1] - a[1]).map(([why, n]): Cell[] => [n, why]);
  const outcomes = [
    [right, 'deleted, and changed'],
    [over, 'deleted, and the same'],
    [kept, 'kept, and the same'],
    [missed.length, 'kept, and changed'],
  ];
  return {
    tables: [
      { title: `${edits} edits over ${pages} answers`, columns: ['entries', ''], rows: outcomes },
      { title: 'Deleted, and the same: view, edit, and the test that could not tell', columns: ['entries', ''], rows },
      ...(missed.length === 0 ? [] : [{ title: 'Kept, and changed', columns: [''], rows: missed.map((m) => [m]) }]),
    ],
    verdicts: [
      {
        id: 'P8',
        target: 'misses 0, every needless delete explained',
        measured: `${missed.length} misses, ${over - unexplained} of ${over} explained; of all deleted ${share.toFixed(1)} % had changed`,
        met: missed.length === 0 && unexplained === 0,
      },
    ],
    notes: [
      'The same is: the same bytes. Row images cannot show that a sum comes out equal, that lines are written anew as they were, or that a row lies outside a page.',
    ],
  };
}
