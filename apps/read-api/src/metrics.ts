import { type EngineEvent, type Listener } from '@freshet/cache-engine';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { TOO_LARGE } from './errors.js';

/**
 * Turns the engine's events into figures. Labels are views, outcomes and reasons: all are few. Reads are plain additions, since every hit
 * makes two; the metrics library sees them only when it is asked.
 */
export function countReads(registry: Registry): Listener {
  const reads = new Map<string, { readonly labels: Record<'view' | 'outcome' | 'detail', string>; count: number }>();
  new Counter({
    name: 'cache_reads_total',
    help: 'Reads by view, outcome and reason',
    labelNames: ['view', 'outcome', 'detail'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, count } of reads.values()) this.inc(labels, count);
    },
  });
  const count = (view: string, outcome: string, detail = ''): void => {
    const name = `${view} ${outcome} ${detail}`;
    const known = reads.get(name);
    if (known === undefined) reads.set(name, { labels: { view, outcome, detail }, count: 1 });
    else known.count += 1;
  };
  const loads = new Histogram({
    name: 'cache_load_seconds',
    help: 'Time to load a view from the database and render it',
    labelNames: ['view'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers: [registry],
  });
  const renewals = new Counter({
    name: 'cache_renewals_total',
    help: 'Entries loaded anew before their end or after a change, by view and outcome',
    labelNames: ['view', 'outcome'],
    registers: [registry],
  });
  return (event) => {
    if (event.kind === 'renewed') renewals.inc({ view: event.view, outcome: event.outcome });
    if (event.kind === 'read') count(event.view, ...outcomeOf(event));
    if (event.kind === 'load') loads.observe({ view: event.view }, event.ms / 1000);
  };
}

/** What was too large to be held is answered, piece by piece: `Cache-Status` calls it a miss, too. */
function outcomeOf({ outcome, detail }: Extract<EngineEvent, { kind: 'read' }>): [string, string | undefined] {
  return detail === TOO_LARGE ? ['miss', 'streamed'] : [outcome, detail];
}

interface PoolFigures {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

export function watchPool(registry: Registry, pool: PoolFigures): void {
  new Gauge({
    name: 'database_connections',
    help: 'Connections of the pool by state, and callers waiting for one',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
}

interface NearFigures {
  readonly figures: Readonly<Record<string, number>> | undefined;
}

export function watchNearCache(registry: Registry, near: NearFigures): void {
  new Gauge({
    name: 'near_cache',
    help: 'Copies in this process, their bytes, the lookups they answered since it started, and up to when they are exact',
    labelNames: ['figure'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [figure, value] of Object.entries(near.figures ?? {})) this.set({ figure }, value);
    },
  });
}
