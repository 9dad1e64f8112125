import { type Invalidator } from '@freshet/cache-engine';
import { type Change } from '@freshet/row-change';
import { lastOffset, type ApplySlice, type RecordSlice } from './log-record.js';
import { readSlice, type Poison, type SliceContent } from './read-slice.js';

/** What is asked of the engine. */
export type Engine = Pick<
  Invalidator,
  'take' | 'apply' | 'abandon' | 'raiseEpoch' | 'rewind' | 'positionOf' | 'deleteTable'
>;

/** Keeps a copy of records that cannot be applied. Resolves when they are safe. */
export type SendDeadLetters = (slice: RecordSlice, poison: readonly Poison[]) => Promise<void>;

/** One event for each thing that happened; metrics and logs subscribe. */
export type InvalidationEvent =
  | ({
      readonly kind: 'applied';
      readonly slice: RecordSlice;
      readonly deleted: number;
      readonly tested: number;
      /** All commits up to here are applied, as far as this stream goes. */
      readonly watermarkMs: number | undefined;
    } & Told)
  | { readonly kind: 'dead-letter'; readonly slice: RecordSlice; readonly poison: Poison }
  | { readonly kind: 'waiting'; readonly reason: string; readonly attempt: number }
  | { readonly kind: 'going-on' };

interface Told {
  readonly changes: readonly Change[];
  readonly poison: readonly Poison[];
  readonly ignored: number;
}

export type InvalidationListener = (event: InvalidationEvent) => void;

export interface InvalidationPorts {
  readonly engine: Engine;
  readonly sendDeadLetters: SendDeadLetters;
  readonly listen: InvalidationListener;
}

/** Applies one slice of the log. Every step may be repeated; what throws has not advanced the position. */
export function invalidation({ engine, sendDeadLetters, listen }: InvalidationPorts): ApplySlice {
  const snapshotting = new Set<string>();
  return async (slice) => {
    const stream = `${slice.topic}/${slice.partition}`;
    const content = readSlice(slice, snapshotting.has(stream));
    const { topic, partition } = slice;
    await abandon(engine, slice, content);
    // Copies first: once the position has moved, nobody reads these records again.
    if (content.poison.length > 0) await sendDeadLetters(slice, content.poison);
    const applied = await engine.apply({
      changes: content.changes,
      position: { topic, partition, offset: lastOffset(slice) },
    });
    if (content.snapshotting) snapshotting.add(stream);
    else snapshotting.delete(stream);
    for (const poison of content.poison) listen({ kind: 'dead-letter', slice, poison });
    const { deleted, tested, watermarkMs } = applied;
    listen({ kind: 'applied', slice, deleted, tested, watermarkMs, ...content });
  };
}

/** The position falls last: whoever crashes before that will find the break again. */
async function abandon(engine: Engine, slice: RecordSlice, { abandon: reasons }: SliceContent): Promise<void> {
  const { topic, partition, records } = slice;
  if (reasons.length > 0) await engine.abandon(reasons.join('; '), { topic, partition, offset: lastOffset(slice) });
  if (slice.discontinuity?.startsOver !== true) return;
  await engine.rewind({ topic, partition, offset: BigInt(records[0]?.offset ?? 0) - 1n });
}
