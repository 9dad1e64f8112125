import { type CacheKey } from '@freshet/cache-keys';
import { type Answer } from './answer.js';
import { type Reader, type ReadRequest } from './reader.js';

/** Read so often since it was loaded last, an entry is loaded again when a change has deleted it. */
const OFTEN = 10;
/** The keys read last are watched. */
const MOST_WATCHED = 1000;
const AT_ONCE = 2;

interface Watched {
  readonly request: ReadRequest;
  reads: number;
}

/**
 * A reader that loads again at once what a change deleted and was read often. Changed entries wait for their turn here, not in the
 * database; by then another process may have loaded them, and nothing is done.
 */
export class RefreshOnChange {
  private readonly watched = new Map<CacheKey, Watched>();
  private readonly waiting = new Set<CacheKey>();
  private running = 0;

  constructor(private readonly reader: Pick<Reader, 'read' | 'reload'>) {}

  async read(request: ReadRequest): Promise<Answer> {
    const answer = await this.reader.read(request);
    if (answer.stored) this.watch(request);
    return answer;
  }

  /** Entries were deleted: by a change, or to make place for a load, which is found at work then. Resolves when all is done that follows. */
  async changed(keys: readonly CacheKey[]): Promise<void> {
    for (const key of keys) {
      const watched = this.watched.get(key);
      if (watched === undefined || watched.reads < OFTEN) continue;
      watched.reads = 0;
      this.waiting.add(key);
    }
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.work()));
  }

  private async work(): Promise<void> {
    if (this.running >= AT_ONCE) return;
    this.running += 1;
    for (const key of this.waiting) {
      this.waiting.delete(key);
      const watched = this.watched.get(key);
      if (watched !== undefined) await this.reader.reload(watched.request);
    }
    this.running -= 1;
  }

  private watch({ key, ttlSeconds, models, load }: ReadRequest): void {
    const watched = this.watched.get(key) ?? { request: { key, ttlSeconds, models, load }, reads: 0 };
    watched.reads += 1;
    // Last read, last in the order of the map.
    this.watched.delete(key);
    this.watched.set(key, watched);
    if (this.watched.size <= MOST_WATCHED) return;
    for (const oldest of this.watched.keys()) {
      this.watched.delete(oldest);
      return;
    }
  }
}
