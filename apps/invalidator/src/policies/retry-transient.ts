import { isTransient, TurnOver } from '../errors.js';
import { type InvalidationListener } from '../invalidation.js';
import { type ApplySlice, type Turn } from '../log-record.js';

export interface RetryOptions {
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  readonly pause: (ms: number) => Promise<void>;
  readonly listen: InvalidationListener;
}

/** The group hears from us at least this often while we wait. */
const HEARTBEAT_MS = 500;

/** Does work that may find the store away. */
export type Retry = <T>(turn: Turn, work: () => Promise<T>) => Promise<T>;

/** While the store is away: waits, keeps the place in the group, and tries again for as long as the turn lasts. */
export function retrying({ firstPauseMs, longestPauseMs, pause, listen }: RetryOptions): Retry {
  return async (turn, work) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await work();
        if (attempt > 1) listen({ kind: 'going-on' });
        return result;
      } catch (error) {
        if (!isTransient(error)) throw error;
        listen({ kind: 'waiting', reason: reasonOf(error), attempt });
        await waitBeating(turn, Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs), pause);
      }
    }
  };
}

export function retryTransient(apply: ApplySlice, retry: Retry): ApplySlice {
  return (slice, turn) => retry(turn, () => apply(slice, turn));
}

async function waitBeating(turn: Turn, ms: number, pause: RetryOptions['pause']): Promise<void> {
  for (let left = ms; left > 0; left -= HEARTBEAT_MS) {
    await pause(Math.min(left, HEARTBEAT_MS));
    if (turn.over()) throw new TurnOver();
    await turn.heartbeat();
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
