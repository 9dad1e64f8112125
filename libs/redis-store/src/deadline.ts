import { StoreUnavailable } from '@freshet/cache-engine';

/**
 * The work's result, or StoreUnavailable after so long. A process that was busy itself must not take its own lateness for the server's:
 * when the time is over, what has arrived meanwhile is read first.
 */
export function within<T>(budgetMs: number | undefined, work: Promise<T>): Promise<T> {
  if (budgetMs === undefined) return work;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new StoreUnavailable(new Error(`no answer within ${budgetMs} ms`)));
    // Timers come before the sockets in a turn of the event loop, immediates after them.
    const timer = setTimeout(() => setImmediate(giveUp), budgetMs);
    work.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
