/** So many are fetched at once, so that a miss need not ask for one. */
const BLOCK = 1024;

/** Numbers that no two registrations share, in whatever process. */
export class RegistrationNumbers {
  private next = 0;
  private end = 0;

  /** @param raise raises the counter that all processes share, and resolves to what it is then */
  constructor(private readonly raise: (count: number) => Promise<number>) {}

  /** Resolves to the first of so many in a row. */
  async take(count: number): Promise<number> {
    if (this.next + count > this.end) {
      const size = Math.max(BLOCK, count);
      const end = await this.raise(size);
      this.end = end;
      this.next = end - size;
    }
    const first = this.next;
    this.next += count;
    return first;
  }
}
