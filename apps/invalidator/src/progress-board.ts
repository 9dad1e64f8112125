import { type InvalidationListener } from './invalidation.js';
import { lastOffset } from './log-record.js';

/** Where one partition stands, as this process last saw it. */
export interface StreamProgress {
  readonly topic: string;
  readonly partition: number;
  readonly appliedOffset: string;
  readonly endOffset: string;
  readonly lagRecords: number;
  readonly lastCommitMs: number | undefined;
}

/** Remembers the last word of every partition, for the status page and for `/ready`. */
export class ProgressBoard {
  private readonly byStream = new Map<string, StreamProgress>();
  private reason: string | undefined;

  readonly listen: InvalidationListener = (event) => {
    if (event.kind === 'waiting') this.reason = event.reason;
    if (event.kind === 'going-on') this.reason = undefined;
    if (event.kind !== 'applied') return;
    this.reason = undefined;
    const { topic, partition, highWatermark } = event.slice;
    const applied = lastOffset(event.slice);
    this.byStream.set(`${topic}/${partition}`, {
      topic,
      partition,
      appliedOffset: applied.toString(),
      endOffset: highWatermark,
      lagRecords: Math.max(0, Number(BigInt(highWatermark) - applied - 1n)),
      lastCommitMs: event.changes.at(-1)?.commitMs ?? this.byStream.get(`${topic}/${partition}`)?.lastCommitMs,
    });
  };

  get streams(): readonly StreamProgress[] {
    return [...this.byStream.values()];
  }

  /** Why nothing is being applied; undefined while things go well. */
  get waitingFor(): string | undefined {
    return this.reason;
  }
}
