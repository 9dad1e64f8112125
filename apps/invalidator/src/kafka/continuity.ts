import { type Discontinuity } from '../log-record.js';

/** What a fetched batch says about the records before it. */
export type Finding =
  | { readonly kind: 'continuous' }
  /** Ask the broker for this offset: only its answer tells whether the records are gone. */
  | { readonly kind: 'seek'; readonly offset: bigint }
  | ({ readonly kind: 'broken' } & Discontinuity);

export interface Fetched {
  /** The offset that was asked for. The first record may have a higher one: offsets may have holes. */
  readonly from: bigint;
  readonly highWatermark: bigint;
}

/**
 * Watches one partition for records that were never seen. The client resets a position out of range to the start of the topic and
 * says so only in its log; whoever trusts it loses what lay in between.
 */
export class Continuity {
  /** The next offset to be applied; undefined as long as the store knows of none: it is new, or lost its state. */
  private expected: bigint | undefined;
  private sought = false;
  /** A first fetch may lie behind what was applied: the offsets were committed before a crash, or the group is a new one. */
  private first = true;

  /** @param applied the offset of the last record whose effects are in the store. */
  constructor(applied: bigint | undefined) {
    this.expected = applied === undefined ? undefined : applied + 1n;
  }

  judge({ from, highWatermark }: Fetched): Finding {
    const { expected, first, sought } = this;
    if (expected === undefined) {
      if (from === 0n) return { kind: 'continuous' };
      const reason = `nothing tells that the records before ${from} were applied`;
      return { kind: 'broken', reason, startsOver: false };
    }
    if (from === expected) return { kind: 'continuous' };
    if (expected > highWatermark) {
      const reason = `the topic ends at ${highWatermark}, before the applied offset ${expected - 1n}: it was recreated or cut`;
      return { kind: 'broken', reason, startsOver: true };
    }
    if (from < expected) {
      if (first) return { kind: 'continuous' };
      return { kind: 'broken', reason: `the topic went back from ${expected} to ${from}`, startsOver: true };
    }
    if (!sought) {
      this.sought = true;
      return { kind: 'seek', offset: expected };
    }
    const reason = `the records from ${expected} to ${from - 1n} are gone: retention passed them unread`;
    return { kind: 'broken', reason, startsOver: false };
  }

  /** Everything up to this offset is applied. */
  advance(offset: bigint): void {
    this.expected = offset + 1n;
    this.sought = false;
    this.first = false;
  }

  /** The next fetch will ask for this offset, on purpose. */
  moveTo(offset: bigint): void {
    this.expected = offset;
    this.sought = false;
    this.first = true;
  }
}
