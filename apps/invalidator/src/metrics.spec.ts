import { Registry } from 'prom-client';
import { heartbeat, insert, sliceOf } from '../test/records.js';
import { engineMetrics, invalidationMetrics } from './metrics.js';
import { readSlice } from './read-slice.js';

const COMMIT_MS = 1_700_000_000_000;

async function lines(registry: Registry, pattern: RegExp): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => pattern.test(line));
}

describe('metrics', () => {
  test('records are counted by table, operation and outcome; nothing else becomes a label', async () => {
    const registry = new Registry();
    const listen = invalidationMetrics(registry, () => COMMIT_MS + 20);
    const slice = sliceOf([insert('a', { id: 1 }), insert('a', { id: 2 }), heartbeat(3), null, 'garbage']);
    const content = readSlice(slice, false);
    listen({ kind: 'applied', slice, deleted: 4, tested: 9, watermarkMs: undefined, ...content });
    for (const poison of content.poison) listen({ kind: 'dead-letter', slice, poison });
    expect(await lines(registry, /^(change_events|invalidated|tested)/)).toEqual([
      'change_events_total{table="public.a",op="insert",outcome="applied"} 2',
      'change_events_total{table="none",op="heartbeat",outcome="applied"} 1',
      'change_events_total{table="none",op="none",outcome="ignored"} 1',
      'change_events_total{table="unknown",op="unknown",outcome="dead-letter"} 1',
      'invalidated_keys_total 4',
      'tested_keys_total 9',
    ]);
  });

  test('the lag is split at the moment when Kafka got the record', async () => {
    const registry = new Registry();
    const slice = sliceOf([insert('a', { id: 1 })]);
    invalidationMetrics(
      registry,
      () => COMMIT_MS + 25,
    )({
      kind: 'applied',
      watermarkMs: undefined,
      slice,
      deleted: 0,
      tested: 0,
      ...readSlice(slice, false),
    });
    expect(await lines(registry, /^invalidation_lag_seconds_sum/)).toEqual([
      'invalidation_lag_seconds_sum{hop="total"} 0.025',
      'invalidation_lag_seconds_sum{hop="log"} 0.005',
      'invalidation_lag_seconds_sum{hop="apply"} 0.02',
    ]);
  });

  test('the lag in records is what the partition still holds', async () => {
    const registry = new Registry();
    const slice = { ...sliceOf([heartbeat(1)], 7), highWatermark: '20' };
    invalidationMetrics(
      registry,
      Date.now,
    )({ kind: 'applied', slice, deleted: 0, tested: 0, watermarkMs: undefined, ...readSlice(slice, false) });
    expect(await lines(registry, /^consumer_lag_records/)).toEqual([
      'consumer_lag_records{topic="changes",partition="0"} 12',
    ]);
  });

  test('waiting for the store and abandoned caches are counted', async () => {
    const registry = new Registry();
    invalidationMetrics(registry, Date.now)({ kind: 'waiting', reason: 'x', attempt: 1 });
    engineMetrics(registry)({ kind: 'epoch-raised', epoch: 5, reason: 'a reason that is no label' });
    expect(await lines(registry, /^(store_retries|epochs_raised)/)).toEqual([
      'store_retries_total 1',
      'epochs_raised_total 1',
    ]);
  });
});
