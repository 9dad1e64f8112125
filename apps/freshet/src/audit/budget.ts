export interface BudgetOptions {
  /** Of all reads of the database, those that the audit may cause. */
  readonly share: number;
  /** All reads of the database so far, by the read API's own count; a process that was started again counts from nothing. */
  readonly allReads: () => Promise<number>;
  readonly ownReads: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

const ASK_EVERY_MS = 2000;

/** Holds a look back until it is within the audit's share of what was read since the audit began. */
export class Budget {
  private last: number | undefined;
  private all = 0;
  /** Looks that were let through, of which some may not have read yet. */
  private granted = 0;

  constructor(private readonly options: BudgetOptions) {}

  /** Resolves when one more read is within the share. */
  async allowance(): Promise<void> {
    const { share, ownReads, pause } = this.options;
    while (Math.max(this.granted, ownReads()) + 1 > share * this.all) {
      if (this.last !== undefined) await pause(ASK_EVERY_MS);
      await this.count();
    }
    this.granted += 1;
  }

  get allReads(): number {
    return this.all;
  }

  private async count(): Promise<void> {
    const now = await this.options.allReads();
    if (this.last !== undefined) this.all += now < this.last ? now : now - this.last;
    this.last = now;
  }
}
