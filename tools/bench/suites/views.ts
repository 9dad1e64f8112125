import { Client } from 'pg';
import { missesOf, type Missed, ratioToAlone, ratioToPlain, ratioToWithout, WITH_AND_WITHOUT } from '../missed-view.js';
import { cpuMs, nowMs } from '../process-figures.js';
import { Samples } from '../samples.js';
import { Scene } from '../scene.js';
import { type BenchOptions, type Cell, type Report, type Suite } from '../suite.js';

const LIMIT = 1.5;
const HITS = 300;

/** What a view must be asked, beside its path. */
const QUERIES: Readonly<Record<string, string>> = {
  'customer.search': '?customer_name=an',
  'invoice.check_duplicate': '?invoice_number=1&business_id=1',
  'invoice.next_number': '?business_id=1',
  'report.gstr1_portal': '?business_id=1&month=5&year=2025',
};

/** Chosen by its query at the path of another view. */
const FULL_LIST = { view: 'invoice.list_full', path: '/api/invoices/?include_items=true' };
/** Whoever asks here need not be one. */
const ADMINISTRATORS = ['/api/users/'];

interface Measured {
  readonly view: string;
  readonly hit: Samples;
  readonly hitCpuMs: number;
  readonly bytes: readonly number[];
  /** Undefined where the answer needs no row. */
  readonly missed: Missed | undefined;
}

/** Every view in one table: what a hit and a miss cost, and how large the body is. */
export const views: Suite = {
  name: 'views',
  summary: 'every view: a hit from Redis, a miss beside the same SQL through pg alone, the size of the body',
  run: (options) => Scene.play({ ...options, readApis: WITH_AND_WITHOUT }, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, { seconds, log }: BenchOptions): Promise<Report> {
  const client = new Client({ connectionString: scene.stack.databaseUrl });
  await client.connect();
  const measured: Measured[] = [];
  try {
    for (const { view, path } of await addresses(scene)) {
      log(`${view} ${path}`);
      measured.push(await measureView(scene, { view, path, client, seconds }));
    }
  } finally {
    await client.end();
  }
  return report(measured);
}

interface Document {
  readonly paths: Readonly<Record<string, { readonly get?: { readonly operationId: string } }>>;
}

/** Where each view is, by what the service says of itself, with rows that are there. */
async function addresses(scene: Scene): Promise<readonly { view: string; path: string }[]> {
  const bill = "SELECT min(id)::text AS id FROM billing_invoice WHERE type_of_invoice = 'inward'";
  const inward = (await scene.writer.query<{ id: string }>(bill)).rows[0]?.id ?? '1';
  const { paths } = JSON.parse((await scene.get('/openapi.json')).body.toString()) as Document;
  const plain = Object.entries(paths).flatMap(([path, { get }]) => {
    if (get === undefined || ADMINISTRATORS.includes(path)) return [];
    const at = path.replace(/\{\w+\}/, path.includes('inward') ? inward : '1');
    return [{ view: get.operationId, path: `${at}${QUERIES[get.operationId] ?? ''}` }];
  });
  return [...plain, FULL_LIST];
}

async function measureView(
  scene: Scene,
  { view, path, client, seconds }: { view: string; path: string; client: Client; seconds: number },
): Promise<Measured> {
  const kept = (await scene.get(path)).cache !== '';
  const missed = kept ? await missesOf(scene, client, { path, seconds: seconds / 5 }) : undefined;
  if (kept) await scene.warm(path);
  const bytes = [await size(scene, path, 'identity'), await size(scene, path, 'gzip'), await size(scene, path, 'br')];
  const hit = new Samples();
  const pid = scene.readApi.pid ?? 0;
  const before = cpuMs(pid);
  for (let i = 0; i < HITS; i++) {
    const began = nowMs();
    await scene.get(path);
    hit.add(nowMs() - began);
  }
  return { view, hit, hitCpuMs: (cpuMs(pid) - before) / HITS, bytes, missed };
}

async function size(scene: Scene, path: string, encoding: string): Promise<number> {
  return (await scene.get(path, { 'accept-encoding': encoding })).body.length;
}

function missCells(missed: Missed | undefined): Cell[] {
  if (missed === undefined) return ['-', '-', '-', '-', '-', '-', '-', '-'];
  const { statements, miss, without, plain, alone } = missed;
  const ratios = [ratioToAlone(missed), ratioToPlain(missed), ratioToWithout(missed)];
  return [statements, miss.p50, without.p50, plain.p50, alone.p50, ...ratios];
}

function report(measured: readonly Measured[]): Report {
  const cached = measured.filter((one): one is Measured & { missed: Missed } => one.missed !== undefined);
  const worst = cached.reduce((a, b) => (ratioToAlone(b.missed) > ratioToAlone(a.missed) ? b : a));
  const slower = cached.filter((one) => ratioToAlone(one.missed) > LIMIT).length;
  return {
    tables: [
      {
        title: 'Every view: p50 in ms, bodies in bytes',
        columns: [
          ...['view', 'hit', 'CPU a hit', 'statements', 'miss', 'no cache', 'plain service', 'pg alone'],
          ...['× pg alone', '× plain service', '× no cache'],
          ...['body', 'gzip', 'brotli'],
        ],
        rows: measured.map(({ view, hit, hitCpuMs, bytes, missed }) => [
          view,
          hit.p50,
          hitCpuMs,
          ...missCells(missed),
          ...bytes,
        ]),
      },
    ],
    verdicts: [
      {
        id: 'P9',
        target: `a miss ≤ ${LIMIT} × the same SQL through pg alone, every view`,
        measured: `${slower} of ${cached.length} views above; most ${ratioToAlone(worst.missed).toFixed(2)} × (${worst.view})`,
        met: slower === 0,
      },
    ],
    notes: [
      'Hits come from Redis, one at a time: the copies in the process are off. CPU is that of the whole read API, counted in steps of 10 ms.',
      'How a miss is measured: see `miss`. Its whole request stands beside the bare statements: HTTP, token, lease, registration, fill.',
      'Views without a row of their own (`-`) are constants. The accounts (administrators only) and the workbook (never stored) are left out.',
    ],
  };
}
