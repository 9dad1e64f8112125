import { type EachBatchPayload } from 'kafkajs';
import { sliceOf, heartbeat } from '../../test/records.js';
import { type RecordSlice } from '../log-record.js';
import { BatchRunner, type BatchRunnerOptions, type SliceOutcome } from './batch-runner.js';

const values = (n: number): string[] => Array.from({ length: n }, (_, i) => heartbeat(i));

interface Stand {
  readonly payload: EachBatchPayload;
  readonly resolved: string[];
  readonly committed: unknown[];
  stale: boolean;
}

/** Stands in for the client: a batch of so many records, asked for from `first` on. */
function batch(count: number, first = 0, highWatermark = first + count): Stand {
  const { records } = sliceOf(values(count), first);
  const resolved: string[] = [];
  const committed: unknown[] = [];
  const stand: Stand = {
    resolved,
    committed,
    stale: false,
    payload: {
      batch: {
        topic: 'changes',
        partition: 0,
        highWatermark: String(highWatermark),
        messages: records,
        fetchedOffset: String(first),
      },
      resolveOffset: (offset: string) => resolved.push(offset),
      heartbeat: async () => undefined,
      commitOffsetsIfNecessary: async (offsets: unknown) => committed.push(offsets),
      uncommittedOffsets: () => ({ upTo: resolved.at(-1) }),
      isRunning: () => true,
      isStale: () => stand.stale,
    } as unknown as EachBatchPayload,
  };
  return stand;
}

function runner(more: Partial<BatchRunnerOptions> = {}): {
  runner: BatchRunner;
  slices: RecordSlice[];
  seeks: unknown[];
} {
  const slices: RecordSlice[] = [];
  const seeks: unknown[] = [];
  const options: BatchRunnerOptions = {
    bounds: { records: 4, bytes: 1e6 },
    commitEveryMs: 1000,
    handle: async (slice) => {
      slices.push(slice);
      return { kind: 'done' };
    },
    take: async () => undefined,
    positionOf: async () => undefined,
    seek: (place) => seeks.push(place),
    halted: () => false,
    nowMs: () => 5000,
    ...more,
  };
  return { runner: new BatchRunner(options), slices, seeks };
}

describe('BatchRunner', () => {
  test('a batch is handled in bounded slices, and each offset is resolved after its slice', async () => {
    const stand = batch(10);
    const seen: string[][] = [];
    const { runner: it } = runner({
      handle: async (slice) => {
        seen.push([...stand.resolved, `(${slice.records.length})`]);
        return { kind: 'done' };
      },
    });
    await it.run(stand.payload);
    expect(seen).toEqual([['(4)'], ['3', '(4)'], ['3', '7', '(2)']]);
    expect(stand.resolved).toEqual(['3', '7', '9']);
  });

  test('offsets are committed at once, then at most once an interval', async () => {
    let now = 5000;
    const stand = batch(12);
    const { runner: it } = runner({ nowMs: () => (now += 400) });
    await it.run(stand.payload);
    expect(stand.committed).toEqual([{ upTo: '3' }]);
    const next = batch(4, 12);
    await it.run(next.payload);
    expect(next.committed).toEqual([{ upTo: '15' }]);
  });

  test('a slice that failed resolves nothing and throws its error to the client', async () => {
    const stand = batch(10);
    const outcomes: SliceOutcome[] = [{ kind: 'done' }, { kind: 'failed', error: new Error('rebalance') }];
    const { runner: it } = runner({ handle: async () => outcomes.shift() ?? { kind: 'done' } });
    await expect(it.run(stand.payload)).rejects.toThrow('rebalance');
    expect(stand.resolved).toEqual(['3']);
  });

  test('a slice whose turn was over is not resolved', async () => {
    const stand = batch(10);
    const { runner: it } = runner({ handle: async () => ({ kind: 'over' }) });
    await it.run(stand.payload);
    expect(stand.resolved).toEqual([]);
  });

  test('a stop between slices ends the batch after the slice in hand, and commits it', async () => {
    let halted = false;
    const stand = batch(12);
    const { runner: it, slices } = runner({ halted: () => halted, nowMs: () => 0 });
    await it.run(batch(4).payload);
    stand.payload.resolveOffset = (offset) => {
      stand.resolved.push(offset);
      halted = true;
    };
    it.forget();
    await it.run(stand.payload);
    expect(slices).toHaveLength(2);
    expect(stand.resolved).toEqual(['3']);
    expect(stand.committed).toEqual([{ upTo: '3' }]);
  });

  test('a seek that comes during a slice keeps its offset from being resolved', async () => {
    const stand = batch(10);
    const { runner: it, slices } = runner({
      handle: async (slice) => {
        slices.push(slice);
        stand.stale = true;
        return { kind: 'done' };
      },
    });
    await it.run(stand.payload);
    expect(slices).toHaveLength(1);
    expect(stand.resolved).toEqual([]);
  });

  test('the stored position is asked for once an assignment, and sought when Kafka is ahead of it', async () => {
    let asked = 0;
    const {
      runner: it,
      slices,
      seeks,
    } = runner({
      positionOf: async () => {
        asked += 1;
        return 9n;
      },
    });
    await it.run(batch(4, 20).payload);
    expect(seeks).toEqual([{ topic: 'changes', partition: 0, offset: '10' }]);
    expect(slices).toEqual([]);
    await it.run(batch(4, 10, 24).payload);
    expect(slices).toHaveLength(1);
    expect(slices[0]?.discontinuity).toBeUndefined();
    expect(asked).toBe(1);
    it.forget();
    await it.run(batch(4, 14, 24).payload);
    expect(asked).toBe(2);
  });

  test('the streams are taken once an assignment, after the group was asked and before the position is; each answer is a sign of life', async () => {
    const order: string[] = [];
    const { runner: it } = runner({
      take: async () => void order.push('take'),
      positionOf: async () => {
        order.push('position');
        return undefined;
      },
    });
    const stand = batch(4);
    stand.payload.heartbeat = async () => void order.push('heartbeat');
    await it.run(stand.payload);
    expect(order.slice(0, 5)).toEqual(['heartbeat', 'take', 'heartbeat', 'position', 'heartbeat']);
    order.length = 0;
    await it.run(batch(4, 4).payload);
    expect(order).toEqual([]);
    it.forget();
    await it.run(batch(4, 8).payload);
    expect(order).toEqual(['take', 'position']);
  });

  test('whoever finds that another has taken over asks for everything again before it goes on', async () => {
    let taken = 0;
    const outcomes: SliceOutcome[] = [{ kind: 'over' }];
    const { runner: it } = runner({
      take: async () => void (taken += 1),
      handle: async () => outcomes.shift() ?? { kind: 'done' },
    });
    await it.run(batch(4).payload);
    await it.run(batch(4).payload);
    expect(taken).toBe(2);
  });

  test('lost records are told with the first slice after them, and only with that', async () => {
    const { runner: it, slices } = runner({ positionOf: async () => 9n });
    await it.run(batch(8, 20).payload);
    await it.run(batch(8, 20).payload);
    expect(slices.map((slice) => slice.discontinuity?.reason)).toEqual([expect.stringContaining('gone'), undefined]);
  });

  test('idle waits for the slice in hand', async () => {
    const order: string[] = [];
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const { runner: it } = runner({
      handle: async () => {
        await finished;
        order.push('handled');
        return { kind: 'done' };
      },
    });
    const running = it.run(batch(1).payload);
    const idle = it.idle().then(() => order.push('idle'));
    finish();
    await Promise.all([running, idle]);
    expect(order).toEqual(['handled', 'idle']);
  });
});
