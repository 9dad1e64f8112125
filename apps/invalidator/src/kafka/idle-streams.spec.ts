import { type StreamPosition } from '@freshet/cache-engine';
import { heartbeat, sliceOf } from '../../test/records.js';
import { type InvalidationEvent } from '../invalidation.js';
import { readSlice } from '../read-slice.js';
import { IdleStreams } from './idle-streams.js';

const WATERMARK_MS = 1_700_000_000_000;
const stream = (partition: number) => ({ topic: 'changes', partition });

function applied(): InvalidationEvent {
  const slice = sliceOf([heartbeat(1)]);
  return { kind: 'applied', slice, deleted: 0, tested: 0, watermarkMs: WATERMARK_MS, ...readSlice(slice, false) };
}

function idle(partitions: number) {
  const settled: [readonly StreamPosition[], number][] = [];
  const clock = { nowMs: 10_000 };
  const streams = Array.from({ length: partitions }, (_, partition) => stream(partition));
  const it = new IdleStreams({
    endsOf: async (asked) => asked.map((one) => ({ ...one, offset: 7n })),
    settle: async (ends, ms) => void settled.push([ends, ms]),
    graceMs: 5000,
    nowMs: () => clock.nowMs,
  });
  it.assign(streams);
  return { it, settled, clock };
}

describe('IdleStreams', () => {
  test('the ends are settled at what was applied before the grace, once', async () => {
    const { it, settled, clock } = idle(2);
    it.listen(applied());
    clock.nowMs += 4999;
    await it.look();
    expect(settled).toEqual([]);
    clock.nowMs += 1;
    await it.look();
    await it.look();
    const ends = [0, 1].map((partition) => ({ ...stream(partition), offset: 7n }));
    expect(settled).toEqual([[ends, WATERMARK_MS]]);
  });

  test('with one stream nothing is settled: it speaks for itself', async () => {
    const { it, settled, clock } = idle(1);
    it.listen(applied());
    clock.nowMs += 60_000;
    await it.look();
    expect(settled).toEqual([]);
  });
});
