import { type CacheKey } from '@freshet/cache-keys';
import { etagOf, type Loaded } from './answer.js';
import { type Clock, type Listener } from './ports.js';
import { SingleFlight } from './single-flight.js';
import { type Query, type Source } from './source.js';
import { timed } from './timed.js';

/** What was read past the store. */
interface Fetched {
  readonly loaded: Loaded;
  readonly etag: string;
}

interface Fetch {
  readonly key: CacheKey;
  readonly load: (query: Query) => Promise<Loaded>;
}

/**
 * Reads the database and stores nothing. Callers of one key share a load when it began after they came. An earlier one they wait out
 * and do not use: its rows may lack a change that is applied by now, and without the store nobody can tell. So however many readers
 * come at once, a key costs the database one load at a time, and a reader waits for two loads at most. A caller who named a
 * transaction may share as well: what is visible when he comes is in every snapshot that is taken after it.
 */
export class Bypass {
  private readonly flights = new SingleFlight<Fetched>();

  constructor(
    private readonly ports: {
      readonly source: Source;
      readonly clock: Pick<Clock, 'nowMs'>;
      readonly listen: Listener;
    },
  ) {}

  fetch(wanted: Fetch): Promise<Fetched> {
    return this.flights.anew(wanted.key, () => this.load(wanted));
  }

  private async load({ key, load }: Fetch): Promise<Fetched> {
    const session = await this.ports.source.open();
    try {
      const loaded = await timed(this.ports, key, () => load(session.query));
      return { loaded, etag: etagOf(loaded.body) };
    } finally {
      void session.close();
    }
  }
}
