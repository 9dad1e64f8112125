/** One Kafka record, as far as invalidation needs it. */
export interface LogRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Milliseconds since 1970 as the producer wrote them. */
  readonly timestamp: string;
  /** Set when the record was tried and cannot be applied: it is then treated as if it could not be read. */
  readonly condemned?: Error;
}

/** A bounded piece of one partition, in order. */
export interface RecordSlice {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** The offset that the next record written to the partition will get. */
  readonly highWatermark: string;
  /** Why the records before this slice cannot all have been applied. */
  readonly discontinuity?: Discontinuity;
}

export interface Discontinuity {
  readonly reason: string;
  /** The topic starts over: its offsets no longer compare with those that were applied. */
  readonly startsOver: boolean;
}

/** The right to work on a slice, for as long as the group grants it. */
export interface Turn {
  /** Tells the group that work goes on. Throws when the group has moved on. */
  heartbeat(): Promise<void>;
  /** True once this work is not wanted any more: a stop, a pause, a seek, a lost partition. */
  over(): boolean;
}

/** Resolves when the store has acknowledged every step: the offsets of the slice may then be committed. */
export type ApplySlice = (slice: RecordSlice, turn: Turn) => Promise<void>;

export function lastOffset(slice: RecordSlice): bigint {
  return BigInt(slice.records.at(-1)?.offset ?? -1);
}
