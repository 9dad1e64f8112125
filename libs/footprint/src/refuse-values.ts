import { NotCacheable } from './errors.js';
import type { Footprint, Refusal, SqlValue } from './footprint.js';
import { refuseClock } from './typing.js';

/** Values that PostgreSQL would answer by the clock ('today' for a date): such a read must not be cached. */
export function refuseValues(footprint: Footprint, values: readonly SqlValue[]): Refusal | undefined {
  try {
    for (const [i, value] of values.entries())
      for (const text of Array.isArray(value) ? (value as readonly unknown[]) : [value])
        refuseClock(typeof text === 'string' ? text : null, footprint.parameters[i] ?? 'text');
    return undefined;
  } catch (error) {
    if (error instanceof NotCacheable) return { construct: error.construct, reason: error.reason, position: 'values' };
    throw error;
  }
}
