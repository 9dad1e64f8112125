import { type CacheEntry, type EntryStore, type Found, type News, parseSnapshot, sees } from '@freshet/cache-engine';
import { type CacheKey } from '@freshet/cache-keys';
import { LRUCache } from 'lru-cache';

export interface NearCacheOptions {
  readonly maxBytes: number;
  /** Never goes back. */
  readonly nowMs: () => number;
  /** Of the wall, as entries are dated by. */
  readonly wallMs: () => number;
}

/**
 * A listing outlives its entry by a minute. A copy is kept for half of that, so that whatever can matter to it finds its listing, also
 * when the entry in Redis has expired or was evicted.
 */
const KEEP_MS = 30_000;
/** Switches and the schema version are not news: they are looked up this often. */
const CONTROL_MS = 1000;
/** A watermark comes every second. A channel that is silent for longer may be cut without anybody having noticed. */
const SILENCE_MS = 2500;
const OVERHEAD_BYTES = 400;

interface Copy {
  readonly entry: CacheEntry;
  readonly untilMs: number;
}

/** A lookup on its way. A delete that overtakes its answer marks it. */
interface Pending {
  overtaken: boolean;
}

type Watermark = News & { readonly kind: 'watermark' };
type Control = Pick<Found, 'epoch' | 'schemaVersion' | 'disabled'> & { readonly untilMs: number };

/**
 * Copies of entries in this process, in front of a store. What is answered from here is exact as of the watermark heard here, and that
 * is the watermark it is answered with: deletes come before it on the same channel. Without the channel there are no copies.
 */
export class NearCache implements EntryStore {
  private readonly copies: LRUCache<CacheKey, Copy>;
  private readonly pending = new Map<CacheKey, Set<Pending>>();
  private listening = false;
  private watermark: Watermark | undefined;
  private heardMs = 0;
  private answered = 0;
  private control: Control | undefined;

  constructor(
    private readonly store: EntryStore,
    private readonly options: NearCacheOptions,
  ) {
    this.copies = new LRUCache({
      maxSize: options.maxBytes,
      sizeCalculation: ({ entry }, key) => entry.body.length + 2 * key.length + OVERHEAD_BYTES,
    });
  }

  readonly register: EntryStore['register'] = (registration) => this.store.register(registration);
  readonly judge: EntryStore['judge'] = (snapshot, position) => this.store.judge(snapshot, position);
  readonly fill: EntryStore['fill'] = (fill) => this.store.fill(fill);
  readonly release: EntryStore['release'] = (key, lease) => this.store.release(key, lease);
  readonly position: EntryStore['position'] = () => this.store.position();
  readonly putFacts: EntryStore['putFacts'] = (version, facts) => this.store.putFacts(version, facts);

  async lookup(key: CacheKey, token?: bigint): Promise<Found> {
    return this.copyOf(key, token) ?? this.fetch(key, token);
  }

  /** The channel is heard from now on. */
  connected(): void {
    this.forget();
    this.listening = true;
  }

  /** From now on something may go unheard. */
  broke(): void {
    this.forget();
    this.listening = false;
  }

  hear(news: News): void {
    this.heardMs = this.options.nowMs();
    if (news.kind === 'watermark') this.watermark = news;
    else if (news.kind === 'epoch') this.forget();
    else for (const key of news.keys) this.drop(key);
  }

  /** Lookups answered from here, copies held, what they weigh, and up to when they are exact. */
  get figures(): Readonly<Record<'answered' | 'copies' | 'bytes', number>> & { readonly watermarkMs?: number } {
    const { answered, copies } = this;
    const watermarkMs = this.watermark?.ms;
    const counts = { answered, copies: copies.size, bytes: copies.calculatedSize };
    return watermarkMs === undefined ? counts : { ...counts, watermarkMs };
  }

  private copyOf(key: CacheKey, token: bigint | undefined): Found | undefined {
    const { control, watermark } = this;
    if (control === undefined || watermark === undefined) return undefined;
    // For a while two servers may take themselves for the master: one of them is asked here, and the other one is heard.
    if (control.epoch !== watermark.epoch) return undefined;
    const copy = this.copies.get(key);
    if (copy === undefined) return undefined;
    const nowMs = this.options.nowMs();
    if (nowMs >= control.untilMs || nowMs >= copy.untilMs || nowMs > this.heardMs + SILENCE_MS) return undefined;
    if (token !== undefined && !includes(copy.entry, token)) return undefined;
    const { epoch, schemaVersion, disabled } = control;
    this.answered += 1;
    return {
      entry: copy.entry,
      leased: false,
      epoch,
      watermarkMs: watermark.ms,
      schemaVersion,
      disabled,
      applied: true,
    };
  }

  private async fetch(key: CacheKey, token: bigint | undefined): Promise<Found> {
    const mine: Pending = { overtaken: false };
    const lookups = this.pending.get(key) ?? new Set();
    this.pending.set(key, lookups.add(mine));
    try {
      const found = await this.store.lookup(key, token);
      if (this.listening && !mine.overtaken) this.keep(key, found);
      return found;
    } finally {
      lookups.delete(mine);
      if (lookups.size === 0 && this.pending.get(key) === lookups) this.pending.delete(key);
    }
  }

  private keep(key: CacheKey, { entry, epoch, schemaVersion, disabled }: Found): void {
    const nowMs = this.options.nowMs();
    this.control = { epoch, schemaVersion, disabled, untilMs: nowMs + CONTROL_MS };
    if (entry === undefined || entry.epoch !== epoch) return;
    const leftMs = entry.storedAtMs + entry.ttlSeconds * 1000 - this.options.wallMs();
    const untilMs = nowMs + Math.min(KEEP_MS, leftMs);
    this.copies.set(key, { entry: { ...entry, body: ownBytes(entry.body) }, untilMs });
  }

  private drop(key: CacheKey): void {
    this.copies.delete(key);
    for (const lookup of this.pending.get(key) ?? []) lookup.overtaken = true;
  }

  /** Lookups on their way may bring what is no longer true. */
  private forget(): void {
    this.copies.clear();
    this.control = undefined;
    this.watermark = undefined;
    for (const lookups of this.pending.values()) for (const lookup of lookups) lookup.overtaken = true;
  }
}

/** What came from a socket is a window onto all that arrived with it, which would be kept as long as the window is. */
function ownBytes(body: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(body.length);
  body.copy(own);
  return own;
}

function includes(entry: CacheEntry, token: bigint): boolean {
  const snapshot = parseSnapshot(entry.snapshot);
  return snapshot !== undefined && sees(snapshot, token);
}
