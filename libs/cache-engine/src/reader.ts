import { type CacheKey, viewOfKey } from '@freshet/cache-keys';
import { type Answer, type AnswerDetail, etagOf, fromEntry, fromSource, type Loaded } from './answer.js';
import { Bypass } from './bypass.js';
import { decide, type Decision } from './decide.js';
import { StoreUnavailable, TooStale } from './errors.js';
import { type FreshnessRule, stalenessMs } from './freshness.js';
import { LeasedLoad, LeaseHeld } from './leased-load.js';
import { type Chance, type Clock, type Listener } from './ports.js';
import { SingleFlight } from './single-flight.js';
import { parseSnapshot, sees } from './snapshot.js';
import { type Query, type Source } from './source.js';
import { type StatementRegistry } from './statement-registry.js';
import { type CacheEntry, type EntryStore, type FillOutcome, type Found } from './store.js';

export interface ReadRequest {
  readonly key: CacheKey;
  readonly ttlSeconds: number;
  readonly models: readonly string[];
  /** The transaction that the answer must include. */
  readonly token?: bigint | undefined;
  /** Past the entry, once. */
  readonly fresh?: boolean | undefined;
  /** Less than the configured staleness; more is not granted. */
  readonly maxStalenessMs?: number | undefined;
  /** Sends statements and renders. May run twice; must not catch what `query` throws. */
  readonly load: (query: Query) => Promise<Loaded>;
}

export interface ReaderSettings extends FreshnessRule {
  readonly enabled: boolean;
  /** A load that takes longer is not stored. */
  readonly leaseMs: number;
  /** How long to wait for another reader's value before reading the database without storing. */
  readonly waitMs: number;
  readonly pollMs: number;
  /** Up to this share is taken off a TTL, so that keys do not expire together. */
  readonly jitterRatio: number;
}

export interface ReaderPorts {
  readonly store: EntryStore;
  readonly source: Source;
  readonly statements: StatementRegistry;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly listen: Listener;
  /** Called when the store has seen a schema change that the registry has not. */
  readonly schemaMoved: () => void;
}

/** Tag sets must list a key for longer than anything filled under its lease lives. */
const MEMBER_SLACK_SECONDS = 60;

type Flight = { readonly answer: Answer; readonly snapshot: string | undefined };

/** Serves views from the store, and fills it. The order of its steps is the protocol: see the README of this room. */
export class Reader {
  protected readonly flights = new SingleFlight<Flight>();
  private readonly past: Bypass;

  constructor(
    private readonly ports: ReaderPorts,
    private readonly settings: ReaderSettings,
  ) {
    this.past = new Bypass(ports.source);
  }

  async read(request: ReadRequest): Promise<Answer> {
    const answer = await this.answer(request);
    const { outcome, detail } = answer;
    this.ports.listen({ kind: 'read', view: viewOfKey(request.key) ?? '', outcome, detail });
    return answer;
  }

  private async answer(request: ReadRequest): Promise<Answer> {
    const decision = await this.lookup(request);
    switch (decision.kind) {
      case 'hit':
        return fromEntry(decision.entry, this.ports.clock.nowMs(), decision.late);
      case 'bypass':
        return this.bypass(request, decision.detail);
      case 'miss':
        return this.miss(request, decision.epoch);
      case 'fail':
        throw new TooStale(this.settings.maxStalenessMs);
    }
  }

  private async lookup(request: ReadRequest): Promise<Decision> {
    if (!this.settings.enabled) return { kind: 'bypass', detail: 'disabled' };
    try {
      return this.decide(await this.ports.store.lookup(request.key, request.token), request);
    } catch (error) {
      if (error instanceof StoreUnavailable) return { kind: 'bypass', detail: 'redis-down' };
      throw error;
    }
  }

  private decide(found: Found, request: ReadRequest): Decision {
    if (found.schemaVersion !== this.ports.statements.schemaVersion) this.ports.schemaMoved();
    const maxStalenessMs = Math.min(this.settings.maxStalenessMs, request.maxStalenessMs ?? Infinity);
    const freshness = { maxStalenessMs, onStale: this.settings.onStale };
    const wish = { models: request.models, token: request.token, fresh: request.fresh ?? false, freshness };
    return decide(found, wish, stalenessMs(found.watermarkMs, this.ports.clock.databaseMs()));
  }

  /**
   * A load that began before this caller came may have read its rows, and even stored them, before a change that is applied by now:
   * so its end is only a signal to look again. A load that began since serves in any case.
   */
  protected async miss(request: ReadRequest, epoch: number): Promise<Answer> {
    const before = this.flights.get(request.key);
    if (before === undefined) return (await this.flights.start(request.key, () => this.fly(request, epoch))).answer;
    await before.catch(() => undefined);
    const again = await this.lookup(request);
    if (again.kind !== 'miss') return this.settle(request, again);
    const since = this.flights.get(request.key);
    if (since === undefined)
      return (await this.flights.start(request.key, () => this.fly(request, again.epoch))).answer;
    const flight = await since;
    return includes(flight.snapshot, request.token) ? asShared(flight.answer) : this.bypass(request, 'token');
  }

  /** What came of waiting for somebody else's load. */
  private async settle(request: ReadRequest, decision: Exclude<Decision, { kind: 'miss' }>): Promise<Answer> {
    if (decision.kind === 'hit') return asShared(fromEntry(decision.entry, this.ports.clock.nowMs(), decision.late));
    if (decision.kind === 'fail') throw new TooStale(this.settings.maxStalenessMs);
    return this.bypass(request, decision.detail);
  }

  private async fly(request: ReadRequest, epoch: number): Promise<Flight> {
    const load = new LeasedLoad(this.ports, {
      key: request.key,
      lease: this.ports.chance.leaseId(),
      leaseMs: this.settings.leaseMs,
      memberSeconds: request.ttlSeconds + Math.ceil(this.settings.leaseMs / 1000) + MEMBER_SLACK_SECONDS,
      epoch,
    });
    try {
      const loaded = await request.load(load.query);
      const { outcome, etag } = await this.fill(request, load, loaded);
      return { answer: answerOf(loaded, etag, load, outcome), snapshot: load.snapshot };
    } catch (error) {
      if (error instanceof LeaseHeld) return { answer: await this.wait(request), snapshot: undefined };
      if (load.leased) void this.release(load);
      throw error;
    } finally {
      void load.close();
    }
  }

  private async fill(
    request: ReadRequest,
    load: LeasedLoad,
    loaded: Loaded,
  ): Promise<{ outcome: FillOutcome; etag: string }> {
    const etag = etagOf(loaded.body);
    const ticket = load.ticket;
    if (ticket === undefined) {
      if (load.leased) void this.release(load);
      return { outcome: 'lost', etag };
    }
    const ttlSeconds = Math.max(
      1,
      Math.round(request.ttlSeconds * (1 - this.settings.jitterRatio * this.ports.chance.fraction())),
    );
    const { snapshot, epoch, position } = ticket;
    const entry: CacheEntry = { ...loaded, etag, snapshot, epoch, storedAtMs: this.ports.clock.nowMs(), ttlSeconds };
    try {
      return { outcome: await this.ports.store.fill({ key: request.key, lease: load.lease, entry, position }), etag };
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      load.unstorable = 'redis-down';
      return { outcome: 'lost', etag };
    }
  }

  /** Nobody waits for it: where it fails, the lease dies by its own time. */
  private async release(load: LeasedLoad): Promise<void> {
    await this.ports.store.release(load.key, load.lease).catch(() => undefined);
  }

  /** Another process loads: its value will do. If none comes in time, the database is read and nothing stored. */
  private async wait(request: ReadRequest): Promise<Answer> {
    const { clock } = this.ports;
    const deadline = clock.nowMs() + this.settings.waitMs;
    for (let pause = this.settings.pollMs; clock.nowMs() < deadline; pause *= 1.5) {
      await clock.pause(pause);
      const decision = await this.lookup(request);
      if (decision.kind !== 'miss') return this.settle(request, decision);
      if (!decision.leased) break;
    }
    return this.bypass(request, 'shared');
  }

  private async bypass(request: ReadRequest, detail: AnswerDetail): Promise<Answer> {
    const { loaded, etag } = await this.past.fetch(request);
    return fromSource(loaded, etag, detail === 'shared' ? 'shared' : 'bypass', detail);
  }
}

function includes(snapshot: string | undefined, token: bigint | undefined): boolean {
  if (token === undefined) return true;
  const parsed = snapshot === undefined ? undefined : parseSnapshot(snapshot);
  return parsed !== undefined && sees(parsed, token);
}

function asShared(answer: Answer): Answer {
  return { ...answer, outcome: 'shared', detail: 'shared' };
}

function answerOf(loaded: Loaded, etag: string, load: LeasedLoad, outcome: FillOutcome): Answer {
  if (outcome === 'stored') return fromSource(loaded, etag, 'miss');
  if (load.unstorable === 'uncacheable' || load.unstorable === 'redis-down') {
    return fromSource(loaded, etag, 'bypass', load.unstorable);
  }
  return fromSource(loaded, etag, 'refused', outcome === 'full' ? 'full' : 'refused');
}
