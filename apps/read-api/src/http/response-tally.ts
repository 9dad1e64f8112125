import { Counter, type Registry } from 'prom-client';
import { type Route } from '../route.js';

/** Counts answers by path and status. Plain additions while answering; the metrics library sees them only when it is asked. */
export class ResponseTally {
  private readonly counts = new Map<string, Map<number, number>>();

  constructor(registry: Registry) {
    const { counts } = this;
    new Counter({
      name: 'http_responses_total',
      help: 'Answers by path pattern and status',
      labelNames: ['path', 'status'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [path, statuses] of counts) {
          for (const [status, count] of statuses) this.inc({ path, status }, count);
        }
      },
    });
  }

  /** @param route undefined for an unknown path: what strangers ask for must not become labels */
  add(route: Route | undefined, status: number): void {
    const path = route?.path ?? 'unknown';
    const statuses = this.counts.get(path) ?? new Map<number, number>();
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    this.counts.set(path, statuses);
  }
}
