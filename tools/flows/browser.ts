import { type World } from '../e2e/world.js';

export interface Tally {
  rounds: number;
  /** Reads by what the cache did, after a write and before one. */
  hits: number;
  misses: number;
  bypasses: number;
  /** Reads that did not show what their own page had written. */
  missed: string[];
}

export const emptyTally = (): Tally => ({ rounds: 0, hits: 0, misses: 0, bypasses: 0, missed: [] });

/** One browser tab of the front end: holds the cookie that writes hand out, and sends it with every read. */
export class Browser {
  private token: bigint | undefined;

  /** @param keepsCookie without, nothing promises that a page sees its own write */
  constructor(
    private readonly world: World,
    private readonly tally: Tally,
    private readonly keepsCookie: boolean,
  ) {}

  /** What the answer to a write brings along. */
  take(token: bigint): void {
    this.token = token;
  }

  /** Opens a page, as before an edit: what it shows is in the cache then. */
  async open(...paths: readonly string[]): Promise<void> {
    await Promise.all(paths.map((path) => this.read(path)));
  }

  /** Reads each path once, all at the same time, and expects the text of the write that was just answered. */
  async sees(text: string, ...paths: readonly string[]): Promise<void> {
    await Promise.all(paths.map((path) => this.check(path, text, true)));
  }

  async seesNo(text: string, ...paths: readonly string[]): Promise<void> {
    await Promise.all(paths.map((path) => this.check(path, text, false)));
  }

  private async check(path: string, text: string, expected: boolean): Promise<void> {
    const { body, status, cache } = await this.read(path);
    if (status >= 500) throw new Error(`${path} answered ${status} ${JSON.stringify(body)}`);
    if (JSON.stringify(body).includes(text) === expected) return;
    this.tally.missed.push(
      `${path}: ${expected ? 'without' : 'still with'} "${text}", ${status}, ${cache}, token ${this.token}`,
    );
  }

  private async read(path: string): Promise<Awaited<ReturnType<World['get']>>> {
    const cookie =
      this.keepsCookie && this.token !== undefined ? { cookie: `theme=dark; freshet_token=${this.token}` } : {};
    const reply = await this.world.get(path, cookie);
    if (reply.cache.startsWith('hit')) this.tally.hits += 1;
    else if (reply.cache.startsWith('fwd=bypass')) this.tally.bypasses += 1;
    else this.tally.misses += 1;
    return reply;
  }
}
