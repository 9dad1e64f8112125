import { digest } from '@freshet/cache-keys';

/** A search has as many texts as it may have terms, so not every text deserves a plan on every connection. */
const MOST_PLANS = 500;

/** Names under which statements stay prepared on the server. After `forget` every text gets a new name, so old plans are never met. */
export class Plans {
  private readonly names = new Map<string, string>();
  private generation = 0;

  /** Undefined: send it unnamed. */
  nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= MOST_PLANS) return known;
    const name = `${this.generation}_${digest(text).slice(0, 22)}`;
    this.names.set(text, name);
    return name;
  }

  forget(): void {
    this.names.clear();
    this.generation += 1;
  }
}
