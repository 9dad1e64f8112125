import { type CacheKey, viewOfKey } from '@freshet/cache-keys';
import { type Clock, type Listener } from './ports.js';

interface Heard {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly listen: Listener;
}

/** Tells how long a load of that key took, if it came to its end. */
export async function timed<T>({ clock, listen }: Heard, key: CacheKey, load: () => Promise<T>): Promise<T> {
  const beganMs = clock.nowMs();
  const loaded = await load();
  listen({ kind: 'load', view: viewOfKey(key) ?? '', ms: Math.max(0, clock.nowMs() - beganMs) });
  return loaded;
}
