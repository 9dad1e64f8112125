import { type CacheKey, viewOfKey } from '@freshet/cache-keys';
import { type FillRequest, type Filling } from './filling.js';
import { LeaseHeld } from './leased-load.js';
import { type Listener } from './ports.js';

/** So many loads that nobody waits for may run at once in one process: the database is there for requests first. */
const MOST_AT_ONCE = 4;

/** Loads that no request waits for. They take the way of every fill: lease, registration, fence, check. */
export class Renewals {
  private readonly running = new Set<CacheKey>();

  constructor(
    private readonly filling: Filling,
    private readonly listen: Listener,
  ) {}

  /** Does nothing where this process loads the key already, or enough others. Never rejects. */
  async start(request: FillRequest, epoch: number, beside: boolean): Promise<void> {
    const { key } = request;
    if (this.running.has(key) || this.running.size >= MOST_AT_ONCE) return;
    this.running.add(key);
    const view = viewOfKey(key) ?? '';
    try {
      const { answer } = await this.filling.load(request, epoch, beside);
      this.listen({ kind: 'renewed', view, outcome: answer.outcome });
    } catch (error) {
      if (!(error instanceof LeaseHeld)) this.listen({ kind: 'renewed', view, outcome: 'error' });
    } finally {
      this.running.delete(key);
    }
  }
}
