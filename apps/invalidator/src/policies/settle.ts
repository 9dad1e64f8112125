import { isOver } from '../errors.js';
import { type SliceOutcome } from '../kafka/batch-runner.js';
import { type ApplySlice, type RecordSlice, type Turn } from '../log-record.js';

/** Turns what was thrown into a value: Nest would hand on an error of its own in its place. */
export function settle(apply: ApplySlice): (slice: RecordSlice, turn: Turn) => Promise<SliceOutcome> {
  return async (slice, turn) => {
    try {
      await apply(slice, turn);
      return { kind: 'done' };
    } catch (error) {
      return isOver(error) ? { kind: 'over' } : { kind: 'failed', error };
    }
  };
}
