import { isKafkaError, isOver, isTransient, RecordStuck } from '../errors.js';
import { type ApplySlice, type RecordSlice } from '../log-record.js';

/**
 * A slice that the engine cannot apply is halved until the guilty record stands alone. That one is then condemned: applied as "anything
 * may have happened to its table", with a copy among the dead letters. If even that fails, going on would lose it: RecordStuck.
 */
export function isolatePoison(apply: ApplySlice): ApplySlice {
  const isolate: ApplySlice = async (slice, turn) => {
    try {
      await apply(slice, turn);
    } catch (error) {
      if (!isPoison(error)) throw error;
      const [first, ...rest] = slice.records;
      if (first === undefined || (rest.length === 0 && first.condemned !== undefined)) {
        throw new RecordStuck(`${slice.topic}/${slice.partition}@${first?.offset ?? '?'}`, error);
      }
      for (const part of rest.length === 0 ? [condemned(slice, error)] : halves(slice)) await isolate(part, turn);
    }
  };
  return isolate;
}

function isPoison(error: unknown): boolean {
  return !isTransient(error) && !isKafkaError(error) && !isOver(error);
}

function condemned(slice: RecordSlice, error: unknown): RecordSlice {
  const reason = error instanceof Error ? error : new Error(String(error));
  return { ...slice, records: slice.records.map((record) => ({ ...record, condemned: reason })) };
}

/** What went before belongs to the first half only. */
function halves({ discontinuity, ...slice }: RecordSlice): readonly RecordSlice[] {
  const middle = Math.ceil(slice.records.length / 2);
  return [
    { ...slice, records: slice.records.slice(0, middle), ...(discontinuity === undefined ? {} : { discontinuity }) },
    { ...slice, records: slice.records.slice(middle) },
  ];
}
