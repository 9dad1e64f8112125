import { type CacheKey } from '@freshet/cache-keys';
import { type Answer, etagOf, fromSource, type Loaded } from './answer.js';
import { SourceUnavailable, StoreUnavailable } from './errors.js';
import { Foresight } from './foresight.js';
import { LeasedLoad, LeaseHeld } from './leased-load.js';
import { type Chance, type Clock, type Listener } from './ports.js';
import { type Query, type Source } from './source.js';
import { type StatementRegistry } from './statement-registry.js';
import { type CacheEntry, type EntryStore, type FillOutcome } from './store.js';
import { timed } from './timed.js';

export interface FillRequest {
  readonly key: CacheKey;
  readonly ttlSeconds: number;
  readonly load: (query: Query) => Promise<Loaded>;
}

export interface FillSettings {
  /** A load that takes longer is not stored. */
  readonly leaseMs: number;
  /** Up to this share is taken off a TTL, so that keys do not expire together. */
  readonly jitterRatio: number;
}

export interface FillPorts {
  readonly store: EntryStore;
  readonly source: Source;
  readonly statements: StatementRegistry;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly listen: Listener;
}

/** What a load brought, and the snapshot it was read at. */
export interface Flight {
  readonly answer: Answer;
  readonly snapshot: string | undefined;
}

/** Tag sets must list a key for longer than anything filled under its lease lives. */
const MEMBER_SLACK_SECONDS = 60;

/** Loads a view under a lease of its own, and stores what came of it where that is safe. */
export class Filling {
  private readonly foresight = new Foresight();

  constructor(
    private readonly ports: FillPorts,
    private readonly settings: FillSettings,
  ) {}

  /**
   * @param beside the entry that stands there is loaded anew, and stays until then
   * @throws LeaseHeld when another reader is at work on the entry, or was a moment ago
   */
  async load(request: FillRequest, epoch: number, beside = false): Promise<Flight> {
    const load = new LeasedLoad(this.ports, {
      key: request.key,
      lease: this.ports.chance.leaseId(),
      leaseMs: this.settings.leaseMs,
      memberSeconds: request.ttlSeconds + Math.ceil(this.settings.leaseMs / 1000) + MEMBER_SLACK_SECONDS,
      epoch,
      beside,
      foreseen: this.foresight.of(request.key),
    });
    try {
      const loaded = await this.made(request, load);
      const etag = etagOf(loaded.body);
      const outcome = await this.fill(request, load, { ...loaded, etag });
      return { answer: answerOf(loaded, etag, load, outcome), snapshot: load.snapshot };
    } catch (error) {
      const released = load.leased ? this.release(load) : undefined;
      if (!load.spoiled || error instanceof SourceUnavailable) throw error;
      // The caller must not hear of what he did not ask. Nothing is foreseen any more, so this is the last attempt.
      await released;
      return await this.load(request, epoch, beside);
    }
  }

  /** The session ends with the last row: others may have the connection while the store is at work. */
  private async made(request: FillRequest, load: LeasedLoad): Promise<Loaded> {
    try {
      const loaded = await timed(this.ports, request.key, () => request.load(load.query));
      await load.settle();
      this.foresight.remember(request.key, load.statements, load.steps);
      return loaded;
    } catch (error) {
      if (!(error instanceof LeaseHeld)) this.foresight.forget(request.key);
      throw error;
    } finally {
      void load.close();
    }
  }

  private async fill(
    request: FillRequest,
    load: LeasedLoad,
    made: Loaded & { readonly etag: string },
  ): Promise<FillOutcome> {
    const ticket = load.ticket;
    if (ticket === undefined) {
      if (load.leased) void this.release(load);
      return 'lost';
    }
    const { snapshot, epoch, position } = ticket;
    const ttlSeconds = this.lifeOf(request);
    const entry: CacheEntry = { ...made, snapshot, epoch, storedAtMs: this.ports.clock.nowMs(), ttlSeconds };
    try {
      return await this.ports.store.fill({ key: request.key, lease: load.lease, entry, position });
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.ports.listen({ kind: 'store-failed', step: 'fill', error });
      load.unstorable = 'redis-down';
      return 'lost';
    }
  }

  private lifeOf({ ttlSeconds }: FillRequest): number {
    return Math.max(1, Math.round(ttlSeconds * (1 - this.settings.jitterRatio * this.ports.chance.fraction())));
  }

  /** Nobody waits for it: where it fails, the lease dies by its own time. */
  private async release({ key, lease }: LeasedLoad): Promise<void> {
    await this.ports.store.release(key, lease).catch((error: unknown) => {
      if (error instanceof StoreUnavailable) this.ports.listen({ kind: 'store-failed', step: 'release', error });
    });
  }
}

function answerOf(loaded: Loaded, etag: string, load: LeasedLoad, outcome: FillOutcome): Answer {
  if (outcome === 'stored') return fromSource(loaded, etag, 'miss');
  if (load.unstorable === 'uncacheable' || load.unstorable === 'redis-down') {
    return fromSource(loaded, etag, 'bypass', load.unstorable);
  }
  return fromSource(loaded, etag, 'refused', outcome === 'full' ? 'full' : 'refused');
}
