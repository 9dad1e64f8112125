import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry of this process, with the figures of Node (memory, event loop, collections) in it. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
