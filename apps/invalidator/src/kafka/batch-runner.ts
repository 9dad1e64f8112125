import { type Stream } from '@freshet/cache-engine';
import { type Batch, type EachBatchPayload, type TopicPartitionOffset } from 'kafkajs';
import { TurnOver } from '../errors.js';
import { lastOffset, type Discontinuity, type RecordSlice, type Turn } from '../log-record.js';
import { Continuity } from './continuity.js';
import { slicesOf, type SliceBounds } from './slices.js';

/** How a slice ended. `over`: not applied, and not wanted any more. */
export type SliceOutcome = { readonly kind: 'done' | 'over' } | { readonly kind: 'failed'; readonly error: unknown };

export interface BatchRunnerOptions {
  readonly bounds: SliceBounds;
  /** Offsets are committed to Kafka at most this often: the position that counts is stored beside the deletes. */
  readonly commitEveryMs: number;
  readonly handle: (slice: RecordSlice, turn: Turn) => Promise<SliceOutcome>;
  /** Once an assignment, before anything else is asked of the store. Both wait for it as long as the turn lasts. */
  readonly take: (turn: Turn) => Promise<void>;
  readonly positionOf: (stream: Stream, turn: Turn) => Promise<bigint | undefined>;
  readonly seek: (position: TopicPartitionOffset) => void;
  /** A stop or a pause was asked for. */
  readonly halted: () => boolean;
  readonly nowMs: () => number;
}

/**
 * Works through fetched batches of one assignment: slice by slice, resolving an offset only after its slice is applied. Made anew
 * for every assignment, so that the stored position is asked for again.
 */
export class BatchRunner {
  private readonly streams = new Map<string, Continuity>();
  private taken = false;
  private committedAtMs = 0;
  private current: Promise<void> = Promise.resolve();

  constructor(private readonly options: BatchRunnerOptions) {}

  /** After a rebalance another member may have gone on meanwhile. */
  forget(): void {
    this.taken = false;
    this.streams.clear();
  }

  moveTo({ topic, partition, offset }: TopicPartitionOffset): void {
    this.streams.get(`${topic}/${partition}`)?.moveTo(BigInt(offset));
  }

  /** Resolves when no batch is being worked on. */
  async idle(): Promise<void> {
    await this.current.catch(() => undefined);
  }

  /** @throws the error of a slice that failed, or of the group protocol; kafkajs then fetches again from the last resolved offset. */
  run(payload: EachBatchPayload): Promise<void> {
    this.current = this.work(payload);
    return this.current;
  }

  private async work(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, highWatermark, messages } = payload.batch;
    const turn = turnOf(payload, this.options.halted);
    const stream = await this.streamOf({ topic, partition }, turn);
    if (stream === undefined) return;
    const finding = stream.judge({ from: fetchedFrom(payload.batch), highWatermark: BigInt(highWatermark) });
    if (finding.kind === 'seek') {
      return this.options.seek({ topic, partition, offset: finding.offset.toString() });
    }
    let discontinuity: Discontinuity | undefined = finding.kind === 'broken' ? finding : undefined;
    for (const records of slicesOf(messages, this.options.bounds)) {
      if (turn.over()) break;
      const slice = {
        topic,
        partition,
        highWatermark,
        records,
        ...(discontinuity === undefined ? {} : { discontinuity }),
      };
      const outcome = await this.options.handle(slice, turn);
      if (outcome.kind === 'over') return this.forget();
      if (outcome.kind === 'failed') throw outcome.error;
      discontinuity = undefined;
      // A seek that came meanwhile has moved the stream on purpose.
      if (payload.isStale()) break;
      const applied = lastOffset(slice);
      stream.advance(applied);
      payload.resolveOffset(applied.toString());
      await this.commit(payload);
      await payload.heartbeat();
    }
  }

  /** Undefined when the turn ended before the store could be asked. */
  private async streamOf(place: Stream, turn: Turn): Promise<Continuity | undefined> {
    const name = `${place.topic}/${place.partition}`;
    const known = this.streams.get(name);
    if (known !== undefined) return known;
    try {
      await this.take(turn);
      const stream = new Continuity(await this.options.positionOf(place, turn));
      await turn.heartbeat();
      this.streams.set(name, stream);
      return stream;
    } catch (error) {
      if (error instanceof TurnOver) return undefined;
      throw error;
    }
  }

  /** A process that was frozen since it got the partitions learns from the group that it has them no longer. */
  private async take(turn: Turn): Promise<void> {
    if (this.taken) return;
    await turn.heartbeat();
    await this.options.take(turn);
    await turn.heartbeat();
    this.taken = true;
  }

  private async commit(payload: EachBatchPayload): Promise<void> {
    const now = this.options.nowMs();
    if (now - this.committedAtMs < this.options.commitEveryMs && !this.options.halted()) return;
    this.committedAtMs = now;
    await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
  }
}

/** kafkajs hands the offset it asked for along with the batch, without a word of it in its types. */
function fetchedFrom(batch: Batch & { fetchedOffset?: string }): bigint {
  return BigInt(batch.fetchedOffset ?? batch.firstOffset() ?? 0);
}

function turnOf(payload: EachBatchPayload, halted: () => boolean): Turn {
  return {
    heartbeat: () => payload.heartbeat(),
    over: () => halted() || !payload.isRunning() || payload.isStale(),
  };
}
