import {
  type Answer,
  type EntryStore,
  type Fill,
  type FillOutcome,
  type Found,
  type News,
  Reader,
  type Registration,
} from '@freshet/cache-engine';
import { MemoryStore, type NearFront, type Parts, realParts } from '@freshet/cache-engine/testing';
import { type CacheKey } from '@freshet/cache-keys';
import { NearCache } from '../near-cache.js';

/** The near cache, with its clocks standing still. */
class Explored extends NearCache implements NearFront {
  constructor(store: EntryStore) {
    super(store, { maxBytes: 1_000_000, nowMs: () => 0, wallMs: () => 0 });
  }

  get knowledge(): unknown {
    return [[...this['copies'].entries()], this['control'], this['watermark'], this['listening']];
  }

  /** All but the lookups on their way. */
  protected forgetCopies(): void {
    this['copies'].clear();
    this['control'] = undefined;
    this['watermark'] = undefined;
  }
}

/** A caller who takes what is there, and goes away when nothing is: what follows a miss does not touch a copy. */
class Looker extends Reader {
  protected override async miss(): Promise<Answer> {
    const body = Buffer.from('100');
    return { body, status: 200, meta: {}, outcome: 'miss', detail: undefined, ...NOTHING_STORED };
  }
}
const NOTHING_STORED = { stored: false, etag: '', ageSeconds: 0, ttlLeftSeconds: 0, late: false };

/** As in Redis, the news of a delete is a command of its own, after it. */
class ToldAfter extends MemoryStore {
  protected override async unlink(keys: readonly CacheKey[]): Promise<number> {
    const removed = await this.pace('delete', () => keys.filter((key) => this.state.slots.delete(key)).length);
    await this.pace('tell', () => this.state.onNews({ kind: 'delete', keys }));
    return removed;
  }

  /** Does it without telling anybody. */
  protected untold<T>(work: () => T): T {
    const tell = this.state.onNews;
    this.state.onNews = () => undefined;
    const result = work();
    this.state.onNews = tell;
    return result;
  }
}

/** A delete marks no lookup that is on its way. */
class NoPlaceholder extends Explored {
  override hear(news: News): void {
    if (news.kind === 'delete') for (const key of news.keys) this['copies'].delete(key);
    else super.hear(news);
  }
}

/** Copies survive that something went unheard. */
class KeptWhenBroken extends Explored {
  override broke(): void {
    return;
  }

  override connected(): void {
    this['listening'] = true;
  }
}

/** Lookups that were on their way while something went unheard bring copies. */
class LookupsKeptWhenBroken extends Explored {
  override broke(): void {
    this.forgetCopies();
    this['listening'] = false;
  }

  override connected(): void {
    this.forgetCopies();
    this['listening'] = true;
  }
}

/** A channel is relied on as soon as the one before it broke. */
class HeardTooSoon extends Explored {
  private begun = false;

  override broke(): void {
    super.broke();
    super.connected();
  }

  override connected(): void {
    if (!this.begun) super.connected();
    this.begun = true;
  }
}

/** What is told of epochs is ignored. */
class EpochsIgnored extends Explored {
  override hear(news: News): void {
    const epoch = this['control']?.epoch ?? 0;
    if (news.kind !== 'epoch') super.hear(news.kind === 'watermark' ? { ...news, epoch } : news);
  }
}

/** A copy does for whoever names a transaction. */
class TokenIgnored extends Explored {
  override async lookup(key: CacheKey, token?: bigint): Promise<Found> {
    return this['copyOf'](key, undefined) ?? super.lookup(key, token);
  }
}

/** The news of a delete comes before it. */
class ToldBefore extends ToldAfter {
  protected override async unlink(keys: readonly CacheKey[]): Promise<number> {
    await this.pace('tell', () => this.state.onNews({ kind: 'delete', keys }));
    return this.pace('delete', () => keys.filter((key) => this.state.slots.delete(key)).length);
  }
}

/** Who takes an empty place, and will store another entry there, tells nobody. */
class LeaseUntold extends ToldAfter {
  protected override hold(r: Registration): 'granted' | 'held' | 'filled' | 'lost' {
    return this.untold(() => super.hold(r));
  }
}

/** An entry takes another one's place, and nobody is told. */
class RenewalUntold extends ToldAfter {
  protected override store(fill: Fill, verdict: FillOutcome): FillOutcome {
    return this.untold(() => super.store(fill, verdict));
  }
}

function withParts(Near: typeof Explored, Store: typeof ToldAfter = ToldAfter): Parts {
  return {
    ...realParts,
    makeStore: (options, state) => new Store(options, state),
    makeNear: (store) => new Near(store),
    makeReader: (ports, settings) => new (ports.store instanceof NearCache ? Looker : Reader)(ports, settings),
  };
}

export const nearParts = withParts(Explored);

/** Without one of the rules that copies need, by its name. */
export const brokenNear = {
  'no placeholder': withParts(NoPlaceholder),
  'kept when the channel breaks': withParts(KeptWhenBroken),
  'lookups kept when the channel breaks': withParts(LookupsKeptWhenBroken),
  'channel relied on too soon': withParts(HeardTooSoon),
  'a channel for deletes and one for watermarks': nearParts,
  'epochs ignored': withParts(EpochsIgnored),
  'token ignored': withParts(TokenIgnored),
  'told before it is deleted': withParts(Explored, ToldBefore),
  'lease untold': withParts(Explored, LeaseUntold),
  'renewal untold': withParts(Explored, RenewalUntold),
} satisfies Record<string, Parts>;
