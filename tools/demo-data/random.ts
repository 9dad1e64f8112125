/** Numbers that look like chance and repeat exactly: the same seed and stream give the same data on every machine. */
export class Random {
  private state: number;

  /** `stream` makes independent sequences of one seed, so that row 7 looks the same whatever was drawn for rows 1 to 6. */
  constructor(seed: number, stream: number) {
    this.state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35);
  }

  /** From 0 up to, not including, 1. */
  unit(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  chance(share: number): boolean {
    return this.unit() < share;
  }

  pick<T>(list: readonly T[]): T {
    const chosen = list[Math.floor(this.unit() * list.length)];
    if (chosen === undefined) throw new Error('nothing to pick from');
    return chosen;
  }

  /** Favours the front of the list, as a shop's regular customers and best sellers do. */
  pickSkewed<T>(list: readonly T[]): T {
    const chosen = list[Math.floor(this.unit() ** 2 * list.length)];
    if (chosen === undefined) throw new Error('nothing to pick from');
    return chosen;
  }
}
