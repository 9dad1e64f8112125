import { type CacheKey, viewOfKey } from '@freshet/cache-keys';
import { type Answer, type AnswerDetail, fromEntry, fromSource, type Loaded } from './answer.js';
import { Bypass } from './bypass.js';
import { decide, type Decision } from './decide.js';
import { EarlyRefresh, type EarlyRefreshSettings } from './early-refresh.js';
import { StoreUnavailable, TooStale } from './errors.js';
import { Filling, type FillPorts, type FillSettings, type Flight } from './filling.js';
import { type FreshnessRule, stalenessMs } from './freshness.js';
import { LeaseHeld } from './leased-load.js';
import { type Listener } from './ports.js';
import { Renewals } from './renewals.js';
import { SingleFlight } from './single-flight.js';
import { parseSnapshot, sees } from './snapshot.js';
import { type Query } from './source.js';
import { type Found } from './store.js';

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

export interface ReaderSettings extends FreshnessRule, FillSettings, EarlyRefreshSettings {
  readonly enabled: boolean;
  /** How long to wait for another reader's value before reading the database without storing. */
  readonly waitMs: number;
  readonly pollMs: number;
}

export interface ReaderPorts extends FillPorts {
  /** Called when the store has seen a schema change that the registry has not. */
  readonly schemaMoved: () => void;
}

/** What came of waiting for another process's load; `free`: its lease is gone, and no entry came of it. */
type Waited =
  { readonly kind: 'answered'; readonly answer: Answer } | { readonly kind: 'free'; readonly epoch: number };

/** Serves views from the store, and fills it. The order of its steps is the protocol: see the README of this room. */
export class Reader {
  protected readonly flights = new SingleFlight<Flight>();
  private readonly past: Bypass;
  private readonly filling: Filling;
  private readonly early: EarlyRefresh;
  private readonly renewals: Renewals;

  constructor(
    private readonly ports: ReaderPorts,
    private readonly settings: ReaderSettings,
  ) {
    this.early = new EarlyRefresh(ports, settings);
    const listen: Listener = (event) => {
      this.early.hear(event);
      ports.listen(event);
    };
    this.past = new Bypass({ ...ports, listen });
    this.filling = new Filling({ ...ports, listen }, settings);
    this.renewals = new Renewals(this.filling, listen);
  }

  async read(request: ReadRequest): Promise<Answer> {
    const view = viewOfKey(request.key) ?? '';
    try {
      const answer = await this.answer(request);
      const { outcome, detail } = answer;
      this.ports.listen({ kind: 'read', view, outcome, detail });
      return answer;
    } catch (error) {
      this.ports.listen({ kind: 'read', view, outcome: 'error', detail: codeOf(error) });
      throw error;
    }
  }

  /** Loads what is not there and nobody is loading. No request waits for it; never rejects. */
  async reload(request: ReadRequest): Promise<void> {
    const decision = await this.lookup(request).catch(() => undefined);
    if (decision?.kind !== 'miss' || decision.leased) return;
    await this.renewals.start(request, decision.epoch, false);
  }

  private async answer(request: ReadRequest): Promise<Answer> {
    const decision = await this.lookup(request);
    switch (decision.kind) {
      case 'hit':
        if (this.early.due(request, decision.entry)) void this.renewals.start(request, decision.entry.epoch, true);
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
      if (!(error instanceof StoreUnavailable)) throw error;
      this.ports.listen({ kind: 'store-failed', step: 'lookup', error });
      return { kind: 'bypass', detail: 'redis-down' };
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

  /** Loads under a lease of its own, or waits for whoever has it. A lease that ended without a value is free for the next one. */
  private async fly(request: ReadRequest, epoch: number): Promise<Flight> {
    const deadlineMs = this.ports.clock.nowMs() + this.settings.waitMs;
    for (let current = epoch; ;) {
      try {
        return await this.filling.load(request, current);
      } catch (error) {
        if (!(error instanceof LeaseHeld)) throw error;
      }
      const waited = await this.wait(request, deadlineMs);
      if (waited.kind !== 'free') return { answer: waited.answer, snapshot: undefined };
      current = waited.epoch;
    }
  }

  /** Another process loads: its value will do. If none comes in time, the database is read and nothing stored. */
  private async wait(request: ReadRequest, deadlineMs: number): Promise<Waited> {
    const { clock } = this.ports;
    for (let pause = this.settings.pollMs; clock.nowMs() < deadlineMs; pause *= 1.5) {
      await clock.pause(pause);
      const decision = await this.lookup(request);
      if (decision.kind !== 'miss') return { kind: 'answered', answer: await this.settle(request, decision) };
      if (!decision.leased) return { kind: 'free', epoch: decision.epoch };
    }
    return { kind: 'answered', answer: await this.bypass(request, 'shared') };
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

/** What kind of error it is: kinds are few. */
function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
