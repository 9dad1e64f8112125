import { type Logger } from './logger.js';

export interface Shutdown {
  readonly logger: Logger;
  /** Finishes work in hand, in order. */
  readonly steps: readonly (() => unknown)[];
  readonly deadlineMs: number;
}

/** What is needed of `process`. */
export interface Signals {
  on(signal: 'SIGTERM' | 'SIGINT', listener: (signal: string) => void): unknown;
  exit(code: number): unknown;
}

/** The first signal drains and exits 0; a second one, or a drain past its deadline, exits 1 at once. */
export function shutdownOnSignal(signals: Signals, { logger, steps, deadlineMs }: Shutdown): void {
  let draining = false;
  const drain = async (signal: string): Promise<void> => {
    if (draining) return void signals.exit(1);
    draining = true;
    logger.info({ signal }, 'draining');
    setTimeout(() => {
      logger.error({ deadlineMs }, 'drain took too long');
      signals.exit(1);
    }, deadlineMs).unref();
    signals.exit(await run(steps, logger));
  };
  for (const name of ['SIGTERM', 'SIGINT'] as const) signals.on(name, (signal) => void drain(signal));
}

/** One failing step must not keep the next from running. */
async function run(steps: Shutdown['steps'], logger: Logger): Promise<number> {
  let code = 0;
  for (const step of steps) {
    try {
      await step();
    } catch (err) {
      logger.error({ err }, 'a step of the shutdown failed');
      code = 1;
    }
  }
  return code;
}
