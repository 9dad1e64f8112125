import { type ChangeStore } from '@freshet/cache-engine';
import { traced, type Tracing } from '@freshet/service-kit';
import { type InvalidationListener } from './invalidation.js';
import { type ApplySlice } from './log-record.js';

// Each gives back what it was given where nothing is traced.

/** A span for each slice, from fetched to applied. */
export function tracedSlices(apply: ApplySlice, tracing: Tracing | undefined): ApplySlice {
  if (tracing === undefined) return apply;
  return (slice, turn) => {
    const { topic, partition, records } = slice;
    const facts = {
      'messaging.system': 'kafka',
      'messaging.destination.name': topic,
      'messaging.destination.partition.id': String(partition),
      'messaging.batch.message_count': records.length,
    };
    return tracing.alone('apply slice', facts, () => apply(slice, turn));
  };
}

/** What is asked of the store within a slice. */
export function tracedChanges(store: ChangeStore, tracing: Tracing | undefined): ChangeStore {
  return tracing === undefined ? store : traced(store, 'store', tracing);
}

/** What came of a slice, in its span. */
export function noteSlices(tracing: Tracing): InvalidationListener {
  return (event) => {
    if (event.kind === 'waiting') tracing.mark('waiting', { reason: event.reason, attempt: event.attempt });
    if (event.kind === 'dead-letter') tracing.mark('dead-letter', { table: event.poison.table });
    if (event.kind !== 'applied') return;
    const { changes, deleted, tested, ignored } = event;
    const counts = { changes: changes.length, deleted, tested, ignored };
    tracing.note(Object.fromEntries(Object.entries(counts).map(([name, count]) => [`freshet.${name}`, count])));
  };
}
