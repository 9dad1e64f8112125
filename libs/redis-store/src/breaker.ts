import { type EntryStore, StoreUnavailable } from '@freshet/cache-engine';
import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleType } from 'cockatiel';

export interface BreakerOptions {
  /** So many calls in a row must fail before none is tried any more. */
  readonly failures: number;
  /** After this time one call is tried again. */
  readonly retryAfterMs: number;
}

/** Spares reads the wait for a store that does not answer: after some failures each call fails at once. */
export function withBreaker(store: EntryStore, { failures, retryAfterMs }: BreakerOptions): EntryStore {
  const policy = circuitBreaker(handleType(StoreUnavailable), {
    halfOpenAfter: retryAfterMs,
    breaker: new ConsecutiveBreaker(failures),
  });
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await policy.execute(work);
    } catch (error) {
      throw error instanceof BrokenCircuitError ? new StoreUnavailable(error) : error;
    }
  };
  return {
    lookup: (key, token) => guard(() => store.lookup(key, token)),
    register: (registration) => guard(() => store.register(registration)),
    judge: (snapshot, position) => guard(() => store.judge(snapshot, position)),
    fill: (fill) => guard(() => store.fill(fill)),
    release: (key, lease) => guard(() => store.release(key, lease)),
    position: () => guard(() => store.position()),
    putFacts: (schemaVersion, facts) => guard(() => store.putFacts(schemaVersion, facts)),
  };
}
