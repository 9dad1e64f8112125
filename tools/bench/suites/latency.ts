import { setTimeout as pause } from 'node:timers/promises';
import { FILL_BENCH_TABLE } from '../bench-rows.js';
import { KeyWatch } from '../key-watch.js';
import { type Arrival, BareConsumer, originOf } from '../peers/bare-consumer.js';
import { cpuMs, nowMs } from '../process-figures.js';
import { Samples, spread } from '../samples.js';
import { Scene } from '../scene.js';
import { type BenchOptions, type Report, type Suite, type Verdict } from '../suite.js';

const SINGLE_EVERY_MS = 50;
const BURST_EVERY_MS = 50;
const BURST_ROWS = 250;
const CACHED_INVOICES = 40;

/** P3: how much later than a consumer that does nothing is a key gone, and how much of that is our own work. */
export const latency: Suite = {
  name: 'latency',
  summary: 'commit → key gone, beside commit → a bare consumer of the same topic',
  run: (options) => Scene.play(options, (scene) => measure(scene, options)),
};

async function measure(scene: Scene, { seconds, log }: BenchOptions): Promise<Report> {
  const bare = await BareConsumer.start(scene.stack.kafkaBroker, scene.stack.topic);
  const watch = await KeyWatch.start(scene.redis, scene.stack.topic);
  try {
    log('single updates');
    const singles = await singleUpdates(scene, watch, { bare, count: (seconds * 4 * 1000) / SINGLE_EVERY_MS });
    const slow = ownShare(bare.arrivals, watch);
    log(`${(BURST_ROWS * 1000) / BURST_EVERY_MS} row changes a second`);
    const from = bare.arrivals.length;
    const pid = scene.invalidator.pid ?? 0;
    const cpuBefore = cpuMs(pid);
    const rate = await bursts(scene, (seconds * 2 * 1000) / BURST_EVERY_MS);
    await scene.applied();
    const cpuMicros = ((cpuMs(pid) - cpuBefore) * 1000) / (BURST_ROWS * ((seconds * 2 * 1000) / BURST_EVERY_MS));
    const busy = ownShare(bare.arrivals.slice(from), watch);
    return report({ ...singles, slow, busy, rate, cpuMicros });
  } finally {
    await watch.stop();
    await bare.stop();
  }
}

interface Singles {
  readonly received: Samples;
  readonly gone: Samples;
}

/** One row at a time, each with an entry that must go. Both delays count from the commit as PostgreSQL stamped it. */
async function singleUpdates(
  scene: Scene,
  watch: KeyWatch,
  { bare, count }: { bare: BareConsumer; count: number },
): Promise<Singles> {
  const ids = await someInvoices(scene);
  const goneAt = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const due = nowMs() + SINGLE_EVERY_MS;
    const { id, key } = ids[i % ids.length] as { id: string; key: string };
    await scene.warm(`/api/invoices/${id}/`);
    const gone = watch.gone(key);
    const { rows } = await scene.writer.query<{ xid: string }>(
      'UPDATE billing_invoice SET total_amount = total_amount + 1 WHERE id = $1 RETURNING pg_current_xact_id()::text AS xid',
      [id],
    );
    goneAt.set(Number(BigInt(rows[0]?.xid ?? 0) % 2n ** 32n), await gone);
    await pause(Math.max(0, due - nowMs()));
  }
  await scene.applied();
  return compare(bare.arrivals, goneAt);
}

async function someInvoices(scene: Scene): Promise<{ id: string; key: string }[]> {
  const { rows } = await scene.writer.query<{ id: string }>(
    `SELECT id::text AS id FROM billing_invoice ORDER BY id LIMIT ${CACHED_INVOICES}`,
  );
  for (const { id } of rows) await scene.warm(`/api/invoices/${id}/`);
  const keys = await scene.redis.keys('e:invoice.get@*');
  return rows.map(({ id }) => {
    const key = keys.find((k) => new RegExp(`[:&]id=${id}(&|$)`).test(k));
    if (key === undefined) throw new Error(`no entry of invoice ${id} among ${keys.length}`);
    return { id, key };
  });
}

function compare(arrivals: readonly Arrival[], goneAt: ReadonlyMap<number, number>): Singles {
  const received = new Samples();
  const gone = new Samples();
  for (const { atMs, records } of arrivals) {
    for (const { value } of records) {
      const origin = originOf(value);
      const goneMs = origin === undefined ? undefined : goneAt.get(origin.xid);
      if (origin?.table !== 'billing_invoice' || goneMs === undefined) continue;
      received.add(atMs - origin.commitMs);
      gone.add(goneMs - origin.commitMs);
    }
  }
  return { received, gone };
}

/** Resolves to the rate that was reached, in rows a second. */
async function bursts(scene: Scene, count: number): Promise<number> {
  await scene.writer.query(FILL_BENCH_TABLE, [BURST_ROWS * 20]);
  await scene.applied();
  const began = nowMs();
  for (let i = 0; i < count; i++) {
    const first = (i % 20) * BURST_ROWS;
    await scene.writer.query('UPDATE bench_row SET amount = amount + 1 WHERE id > $1 AND id <= $2', [
      first,
      first + BURST_ROWS,
    ]);
    await pause(Math.max(0, began + (i + 1) * BURST_EVERY_MS - nowMs()));
  }
  return (count * BURST_ROWS * 1000) / (nowMs() - began);
}

/** For each batch that the bare consumer got: how much later its last record was known to be applied. */
function ownShare(arrivals: readonly Arrival[], watch: KeyWatch): Samples {
  const share = new Samples();
  let step = 0;
  for (const { atMs, lastOffset } of arrivals) {
    while (step < watch.progress.length && (watch.progress[step]?.offset ?? 0) < lastOffset) step++;
    const applied = watch.progress[step];
    if (applied !== undefined) share.add(applied.atMs - atMs);
  }
  return share;
}

interface Shares {
  readonly slow: Samples;
  readonly busy: Samples;
  readonly rate: number;
  /** Of the invalidator, for one row change at the high rate. */
  readonly cpuMicros: number;
}

function report({ received, gone, slow, busy, rate, cpuMicros }: Singles & Shares): Report {
  const columns = ['', 'samples', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms'];
  const row = (name: string, samples: Samples): (string | number)[] => [name, samples.count, ...spread(samples)];
  const ratios = [0.5, 0.9, 0.99, 1].map((q) => (gone.quantile(q) / received.quantile(q)).toFixed(2));
  return {
    tables: [
      {
        title: `From the commit, one row at a time, at most ${1000 / SINGLE_EVERY_MS} a second`,
        columns,
        rows: [row('bare consumer has the record', received), row('key gone', gone), ['ratio', '', ...ratios]],
      },
      {
        title: 'Own share: from the record in the bare consumer to the position published after the deletes',
        columns,
        rows: [row('one row at a time', slow), row(`${Math.round(rate)} row changes a second`, busy)],
      },
    ],
    verdicts: [
      ratio('p50 of commit → key gone ≤ 1.3 × the bare consumer', gone.p50 / received.p50, 1.3),
      ratio('p99 ≤ 1.5 ×', gone.p99 / received.p99, 1.5),
      {
        id: 'P3',
        target: 'own share p99 ≤ 10 ms at 5 000 row changes a second',
        measured: `${busy.p99.toFixed(2)} ms at ${Math.round(rate)}`,
        met: busy.p99 <= 10 && rate >= 4900,
      },
    ],
    notes: [
      `At the high rate the invalidator used ${cpuMicros.toFixed(0)} µs of CPU a row change: one core carries ${Math.round(1e6 / cpuMicros)} a second.`,
      'The commit is the moment that PostgreSQL stamped into the log; all clocks are this host’s.',
      'A key counts as gone when its deletion was told on the news channel and EXISTS answers 0 after that.',
      'Watcher, bare consumer, writer and HTTP client are one process; it competes with the stack for the same cores.',
    ],
  };
}

function ratio(target: string, value: number, limit: number): Verdict {
  return { id: 'P3', target, measured: `${value.toFixed(2)} ×`, met: value <= limit };
}
