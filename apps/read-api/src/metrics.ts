import { type Listener } from '@freshet/cache-engine';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Turns the engine's events into figures. Labels are views and outcomes: both are few. */
export function countReads(registry: Registry): Listener {
  const reads = new Counter({
    name: 'cache_reads_total',
    help: 'Reads by view, outcome and reason',
    labelNames: ['view', 'outcome', 'detail'],
    registers: [registry],
  });
  const loads = new Histogram({
    name: 'cache_load_seconds',
    help: 'Time to load a view from the database and render it',
    labelNames: ['view'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers: [registry],
  });
  return (event) => {
    if (event.kind === 'read') reads.inc({ view: event.view, outcome: event.outcome, detail: event.detail ?? '' });
    if (event.kind === 'load') loads.observe({ view: event.view }, event.ms / 1000);
  };
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
  readonly figures: { readonly answered: number; readonly copies: number; readonly bytes: number } | undefined;
}

export function watchNearCache(registry: Registry, near: NearFigures): void {
  new Gauge({
    name: 'near_cache',
    help: 'Copies in this process, their bytes, and the lookups they answered since it started',
    labelNames: ['figure'],
    registers: [registry],
    collect() {
      for (const [figure, value] of Object.entries(near.figures ?? {})) this.set({ figure }, value);
    },
  });
}
