import { type Cluster, type Redis } from 'ioredis';
import { IndexReaper, type Reaped } from './index-reaper.js';
import { mastersOf } from './masters.js';

/** One master after the other. What goes from one to another meanwhile comes up in the next round, or in that after it. */
export class ClusterReaper {
  private readonly reapers = new WeakMap<Redis, IndexReaper>();
  private turn = 0;

  constructor(private readonly redis: Cluster) {}

  /** @throws StoreUnavailable; the next step goes on from there */
  async step(): Promise<Reaped> {
    const masters = mastersOf(this.redis);
    const master = masters[this.turn % masters.length];
    if (master === undefined) return { round: false, dropped: 0 };
    const reaper = this.reapers.get(master) ?? new IndexReaper(master);
    this.reapers.set(master, reaper);
    const { round, dropped } = await reaper.step();
    if (!round) return { round, dropped };
    this.turn = (this.turn + 1) % masters.length;
    return { round: this.turn === 0, dropped };
  }
}
