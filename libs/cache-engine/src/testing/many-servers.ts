import { type Fill, type FillOutcome, type Registered, type Registration } from '../store.js';
import { MemoryStore } from './memory-store.js';
import { type Parts, realParts } from './scenario.js';

/**
 * The steps of a store on many servers, as a cluster has them: what is on several of them is done in no order and waited for, and a fill
 * is two halves, since the fence is not where the entry is.
 */
export class ManyServers extends MemoryStore {
  override async register(r: Registration): Promise<Registered> {
    const taken = await this.pace(r.take ? 'take lease' : 'extend lease', () => this.hold(r));
    if (taken !== 'granted') return { kind: taken };
    await Promise.all([
      this.pace('learn schemes', () => this.learn(r.schemes, r.footprints)),
      ...r.tags.map((tag) => this.pace('list under tag', () => this.list(tag, r.key))),
    ]);
    return this.pace('get position', () => this.registered());
  }

  override async fill(fill: Fill): Promise<FillOutcome> {
    const { entry, position, key, lease } = fill;
    const verdict = await this.judge(entry.snapshot, position);
    if (verdict === 'stored') return this.pace('put', () => this.store(fill, this.holds(fill) ? verdict : 'lost'));
    await this.release(key, lease);
    return verdict;
  }
}

/** The position is asked for with the listings, not after them. */
class PositionNotLast extends ManyServers {
  override async register(r: Registration): Promise<Registered> {
    const taken = await this.pace(r.take ? 'take lease' : 'extend lease', () => this.hold(r));
    if (taken !== 'granted') return { kind: taken };
    const listings = r.tags.map((tag) => this.pace('list under tag', () => this.list(tag, r.key)));
    const position = this.pace('get position', () => this.registered());
    await Promise.all(listings);
    return position;
  }
}

/** The listings are written with the lease, not after it. */
class LeaseNotFirst extends ManyServers {
  override async register(r: Registration): Promise<Registered> {
    const listings = r.tags.map((tag) => this.pace('list under tag', () => this.list(tag, r.key)));
    const taken = await this.pace(r.take ? 'take lease' : 'extend lease', () => this.hold(r));
    await Promise.all(listings);
    return taken === 'granted' ? this.pace('get position', () => this.registered()) : { kind: taken };
  }
}

/** The second half of a fill trusts in the first. */
class PutWithoutLease extends ManyServers {
  override async fill(fill: Fill): Promise<FillOutcome> {
    const verdict = await this.judge(fill.entry.snapshot, fill.position);
    return this.pace('put', () => this.store(fill, verdict));
  }
}

function withStore(Store: typeof ManyServers): Parts {
  return { ...realParts, makeStore: (options, state) => new Store(options, state) };
}

export const manyServers = withStore(ManyServers);

/** Without one of the rules that many servers need, by its name. */
export const brokenServers = {
  'position not last': withStore(PositionNotLast),
  'lease not first': withStore(LeaseNotFirst),
  'put without lease': withStore(PutWithoutLease),
} satisfies Record<string, Parts>;
