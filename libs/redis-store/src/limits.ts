import { StoreUnavailable } from '@freshet/cache-engine';
import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleType } from 'cockatiel';
import { within } from './deadline.js';
import { asUnavailable } from './replies.js';

export interface LimitOptions {
  /** The longest that one call may take; more counts as servers that are away. */
  readonly budgetMs: number;
  /** So many calls in a row must fail before none is tried any more. */
  readonly failures: number;
  /** After this time one call is tried again. */
  readonly retryAfterMs: number;
}

/** Every call of a reader's store goes through one. Whatever keeps it from an answer is StoreUnavailable. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

export const unlimited: Limit = async (work) => {
  try {
    return await work();
  } catch (error) {
    throw asUnavailable(error);
  }
};

/** Spares reads the wait for a store that does not answer: after some failures each call fails at once. */
export function limited({ budgetMs, failures, retryAfterMs }: LimitOptions): Limit {
  const policy = circuitBreaker(handleType(StoreUnavailable), {
    halfOpenAfter: retryAfterMs,
    breaker: new ConsecutiveBreaker(failures),
  });
  return async (work) => {
    try {
      return await policy.execute(() => within(budgetMs, unlimited(work)));
    } catch (error) {
      throw error instanceof BrokenCircuitError ? new StoreUnavailable(error) : error;
    }
  };
}
