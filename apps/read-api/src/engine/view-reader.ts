import { type Answer, type Loaded, type Query, type ReadRequest, type Reader } from '@freshet/cache-engine';
import { cacheKey, ttlSeconds, type CacheKey, type Params, type TtlTable } from '@freshet/cache-keys';
import { TooLargeToHold } from '../errors.js';
import { linksIn } from '../links.js';
import { viewVersion } from '../view-version.js';
import { type View } from '../view.js';

/** What a caller may ask of one read. */
export type ReadOptions = Pick<ReadRequest, 'token' | 'fresh' | 'maxStalenessMs'>;

const NO_OPTIONS: ReadOptions = {};

export interface ViewSettings {
  readonly ttls: TtlTable;
  /** An answer of more rows is not held, so not stored either, where its view can be streamed. */
  readonly mostHeldRows: number;
}

/** A view with what its entries are stored under, and for how long. */
interface Prepared {
  readonly version: string;
  readonly ttlSeconds: number;
}

const ROWS_NEEDED = new Error('rows are needed');
const needRows = (): Promise<never> => Promise.reject(ROWS_NEEDED);

/** Reads views through the engine. */
export class ViewReader {
  private constructor(
    private readonly reader: Pick<Reader, 'read'>,
    private readonly views: ReadonlyMap<View, Prepared>,
    private readonly mostHeldRows: number,
  ) {}

  static async over(
    reader: Pick<Reader, 'read'>,
    views: readonly View[],
    { ttls, mostHeldRows }: ViewSettings,
  ): Promise<ViewReader> {
    const prepared = await Promise.all(
      [...new Set(views)].map(async (view) => [view, await prepare(view, ttls)] as const),
    );
    return new ViewReader(reader, new Map(prepared), mostHeldRows);
  }

  keyOf(view: View, params: Params): CacheKey {
    return cacheKey(view.name, this.prepared(view).version, params);
  }

  /** @throws TooLargeToHold what is to be streamed instead */
  read(view: View, params: Params, key = this.keyOf(view, params), options: ReadOptions = NO_OPTIONS): Promise<Answer> {
    return this.reader.read({
      key,
      ttlSeconds: this.prepared(view).ttlSeconds,
      models: view.models,
      token: options.token,
      fresh: options.fresh,
      maxStalenessMs: options.maxStalenessMs,
      load: async (query) => {
        await this.checkSize(view, params, query);
        return loaded(view, params, await view.load(params, query));
      },
    });
  }

  /** The answer where these params need no row, and so no cache; undefined where they do. */
  async constant(view: View, params: Params): Promise<Loaded | undefined> {
    try {
      return loaded(view, params, await view.load(params, needRows));
    } catch (error) {
      if (error === ROWS_NEEDED) return undefined;
      throw error;
    }
  }

  private async checkSize({ streamed }: View, params: Params, query: Query): Promise<void> {
    if (streamed === undefined) return;
    const [row] = await query(streamed.size(params));
    const rows = Number(row?.['count']);
    if (rows > this.mostHeldRows) throw new TooLargeToHold(rows);
  }

  private prepared(view: View): Prepared {
    const prepared = this.views.get(view);
    if (prepared === undefined) throw new RangeError(`no route serves the view ${view.name}`);
    return prepared;
  }
}

async function prepare(view: View, ttls: TtlTable): Promise<Prepared> {
  return {
    version: await viewVersion(view),
    ttlSeconds: Math.min(view.ttlSeconds ?? Infinity, ttlSeconds(ttls, view.models)),
  };
}

function loaded(view: View, params: Params, data: unknown): Loaded {
  const { status, body, meta = {} } = view.render(data, params);
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  // Noted once, so that a hit need not look for links.
  return { status, body: bytes, meta: { ...meta, links: linksIn(bytes) } };
}
