import { type Stream, type StreamPosition, StreamsTaken } from '@freshet/cache-engine';
import { type InvalidationListener } from '../invalidation.js';

export interface IdleStreamsOptions {
  /** The offset that the next record of each partition will get. */
  readonly endsOf: (streams: readonly Stream[]) => Promise<readonly StreamPosition[]>;
  readonly settle: (ends: readonly StreamPosition[], watermarkMs: number) => Promise<void>;
  /** A record is in its partition at most so long after a later one is in another. */
  readonly graceMs: number;
  readonly nowMs: () => number;
}

interface Mark {
  readonly atMs: number;
  readonly watermarkMs: number;
}

/**
 * Heartbeats reach one partition only. With several, the others would keep the watermark where their last change was: so each that is
 * applied to its end counts as applied up to what another showed some time ago. How long ago is an assumption about the producer, and
 * what is weaker with several partitions: see the README.
 */
export class IdleStreams {
  private streams: readonly Stream[] = [];
  private marks: Mark[] = [];

  constructor(private readonly options: IdleStreamsOptions) {}

  readonly assign = (streams: readonly Stream[]): void => {
    this.streams = streams;
    this.marks = [];
  };

  readonly listen: InvalidationListener = (event) => {
    if (event.kind !== 'applied' || event.watermarkMs === undefined || this.streams.length < 2) return;
    this.marks.push({ atMs: this.options.nowMs(), watermarkMs: event.watermarkMs });
  };

  /** One look, to be called at a steady pace. */
  async look(): Promise<void> {
    const { endsOf, settle, graceMs, nowMs } = this.options;
    const old = nowMs() - graceMs;
    const due = this.marks.filter(({ atMs }) => atMs <= old);
    if (due.length === 0) return;
    this.marks = this.marks.filter(({ atMs }) => atMs > old);
    const watermarkMs = Math.max(...due.map((mark) => mark.watermarkMs));
    try {
      // In this order: what is at its end now has had its grace.
      await settle(await endsOf(this.streams), watermarkMs);
    } catch (error) {
      if (!(error instanceof StreamsTaken)) throw error;
    }
  }
}
