import { type Listener, type Stream } from '@freshet/cache-engine';
import { type Change } from '@freshet/row-change';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type InvalidationListener } from './invalidation.js';
import { lastOffset, type RecordSlice } from './log-record.js';

const LAG_BUCKETS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600];

/** Subscribes the registry to what happens. Labels are tables, operations and partitions: bounded, never a key or an id. */
export function invalidationMetrics(registry: Registry, nowMs: () => number): InvalidationListener {
  const registers = [registry];
  const events = new Counter({
    name: 'change_events_total',
    help: 'Records of the log by table, operation and outcome',
    labelNames: ['table', 'op', 'outcome'],
    registers,
  });
  const deleted = new Counter({ name: 'invalidated_keys_total', help: 'Entries and leases deleted', registers });
  const tested = new Counter({ name: 'tested_keys_total', help: 'Entries and leases looked at', registers });
  const lag = new Histogram({
    name: 'invalidation_lag_seconds',
    help: 'From commit to applied, and its hops: commit to Kafka (log), Kafka to applied (apply). Clocks of different hosts.',
    labelNames: ['hop'],
    buckets: LAG_BUCKETS,
    registers,
  });
  const behind = new Gauge({
    name: 'consumer_lag_records',
    help: 'Records of the partition not applied yet',
    labelNames: ['topic', 'partition'],
    registers,
  });
  const retries = new Counter({ name: 'store_retries_total', help: 'Attempts that found the store away', registers });
  const watermark = new Gauge({
    name: 'applied_commit_timestamp_seconds',
    help: 'Commit time of the last applied change',
    registers,
  });

  const observeLag = (slice: RecordSlice, changes: readonly Change[]): void => {
    const now = nowMs();
    const last = changes.at(-1);
    const writtenMs = Number(slice.records.at(-1)?.timestamp);
    for (const commitMs of new Set(changes.map((change) => change.commitMs))) {
      lag.observe({ hop: 'total' }, Math.max(0, now - commitMs) / 1000);
    }
    if (last === undefined || !Number.isFinite(writtenMs)) return;
    lag.observe({ hop: 'log' }, Math.max(0, writtenMs - last.commitMs) / 1000);
    lag.observe({ hop: 'apply' }, Math.max(0, now - writtenMs) / 1000);
    watermark.set(last.commitMs / 1000);
  };

  return (event) => {
    if (event.kind === 'waiting') retries.inc();
    if (event.kind === 'dead-letter') events.inc({ table: event.poison.table, op: 'unknown', outcome: 'dead-letter' });
    if (event.kind !== 'applied') return;
    const { slice, changes } = event;
    for (const [labels, count] of tally(changes)) events.inc({ ...labels, outcome: 'applied' }, count);
    if (event.ignored > 0) events.inc({ table: 'none', op: 'none', outcome: 'ignored' }, event.ignored);
    deleted.inc(event.deleted);
    tested.inc(event.tested);
    const left = BigInt(slice.highWatermark) - lastOffset(slice) - 1n;
    behind.set({ topic: slice.topic, partition: String(slice.partition) }, Number(left));
    observeLag(slice, changes);
  };
}

/** Over all processes of a group the sum is the number of partitions; 0 means that nobody is at work. */
export function assignmentMetric(registry: Registry): (streams: readonly Stream[]) => void {
  const assigned = new Gauge({
    name: 'assigned_partitions',
    help: 'Partitions this process works on: all of them where it is active, 0 on a standby',
    registers: [registry],
  });
  return (streams) => assigned.set(streams.length);
}

/** Counts the engine's own events. */
export function engineMetrics(registry: Registry): Listener {
  const epochs = new Counter({
    name: 'epochs_raised_total',
    help: 'How often the whole cache was abandoned',
    registers: [registry],
  });
  return (event) => {
    if (event.kind === 'epoch-raised') epochs.inc();
  };
}

type Count = [labels: { table: string; op: string }, count: number];

function tally(changes: readonly Change[]): Iterable<Count> {
  const counts = new Map<string, Count>();
  let last: { readonly change: Change; readonly count: Count } | undefined;
  for (const change of changes) {
    // Bulk changes are long runs of one kind.
    if (last !== undefined && alike(last.change, change)) {
      last.count[1] += 1;
      continue;
    }
    const table = 'table' in change ? `${change.table.schema}.${change.table.table}` : 'none';
    const op = change.kind === 'row' ? change.op : change.kind;
    const count = counts.get(`${table} ${op}`) ?? [{ table, op }, 0];
    counts.set(`${table} ${op}`, count);
    count[1] += 1;
    last = { change, count };
  }
  return counts.values();
}

function alike(a: Change, b: Change): boolean {
  if (a.kind !== 'row' || b.kind !== 'row') return false;
  return a.op === b.op && a.table.table === b.table.table && a.table.schema === b.table.schema;
}
