import { type LogRecord } from '../log-record.js';

export interface SliceBounds {
  readonly records: number;
  readonly bytes: number;
}

/** Cuts a batch into pieces of bounded work, in order. A record larger than the bound is a piece of its own. */
export function* slicesOf<T extends Pick<LogRecord, 'value'>>(
  records: readonly T[],
  bounds: SliceBounds,
): Iterable<T[]> {
  let slice: T[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.value?.length ?? 0;
    if (slice.length > 0 && (slice.length === bounds.records || bytes + size > bounds.bytes)) {
      yield slice;
      slice = [];
      bytes = 0;
    }
    slice.push(record);
    bytes += size;
  }
  if (slice.length > 0) yield slice;
}
