import { setTimeout as pause } from 'node:timers/promises';
import { composeDown, dockerAnswers } from './compose.js';
import { runningParts, stopParts } from './running-parts.js';

const LOOK_MS = 1000;

/** What a command of the terminal started, as opposed to what ran before it. */
export class Started {
  private readonly before: ReadonlySet<string>;
  private stopping: Promise<void> | undefined;

  constructor(private readonly dir: string) {
    this.before = runningParts(dir);
  }

  /** Ctrl-C, a closed terminal or a plain `kill` ends it all; a second one changes nothing. */
  stopOnInterrupt(): void {
    const stop = () => void this.stop().then(() => process.exit(0));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  }

  stop(): Promise<void> {
    return (this.stopping ??= this.stopOnce());
  }

  /** Stays until a part ends that runs now. @throws naming it. */
  async untilSomethingEnds(): Promise<never> {
    const expected = runningParts(this.dir);
    for (;;) {
      await pause(LOOK_MS);
      const running = runningParts(this.dir);
      const lost = [...expected].filter((name) => !running.has(name));
      if (lost.length > 0 && this.stopping === undefined) {
        throw new Error(`${lost.join(', ')} ended; the last words are in ${this.dir}/log`);
      }
    }
  }

  private async stopOnce(): Promise<void> {
    console.error('\nstopping …');
    // Twice: a part may have been on its way up during the first round.
    const ended = [...(await stopParts(this.dir, this.before)), ...(await stopParts(this.dir, this.before))];
    if (ended.length > 0) console.error(`stopped ${ended.join(', ')}`);
    if (this.before.size === 0 && (await dockerAnswers())) await composeDown();
  }
}
