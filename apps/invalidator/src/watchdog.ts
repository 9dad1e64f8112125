export interface WatchdogOptions {
  /** So many looks in a row without a sign of life make the process unhealthy; twice as many end it. */
  readonly patience: number;
  readonly onDead: () => void;
}

/**
 * Notices a consumer that hangs without an error. It counts looks, not time: a process that was frozen for an hour wakes up with one
 * look missed, not with thousands.
 */
export class Watchdog {
  private missed = 0;
  private alive = true;

  constructor(private readonly options: WatchdogOptions) {}

  /** Progress, an empty fetch, or waiting for something that is known to be away. */
  readonly signOfLife = (): void => {
    this.alive = true;
  };

  /** To be called at a steady pace. */
  look(): void {
    this.missed = this.alive ? 0 : this.missed + 1;
    this.alive = false;
    if (this.missed === 2 * this.options.patience) this.options.onDead();
  }

  get stalled(): boolean {
    return this.missed >= this.options.patience;
  }
}
