import { type Model, type Params } from '@freshet/cache-keys';
import { type Query, type Statement } from '@freshet/cache-engine';

/** What a view may know of a request. Everything else (headers, who asks) is the shell's business. */
export interface ViewRequest {
  /** Parts of the path by name, decoded, e.g. `{ id: '7' }`. */
  readonly path: Readonly<Record<string, string>>;
  /** The last value of each query parameter; absent ones are undefined. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Scheme and host for absolute links, e.g. `https://books.example`. */
  readonly origin: string;
  /** Today in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  /** Path and query as sent, e.g. `/api/invoices/?page=2`: paging links repeat it. */
  readonly address: string;
  /** A signed link to a stored file, valid from now on, e.g. `/api/media/a.jpg?s=…`. */
  readonly mediaLink: (path: string) => string;
  /** Who asks; only views of one's own account may use it. */
  readonly userId: number;
}

/** What is stored for one set of parameters. @typeParam Answer what a 200's JSON says */
export interface Rendered<Answer = unknown> {
  readonly status: 200 | 404 | 400;
  /** The whole body, or the part of it that does not depend on the request. */
  readonly body: string | Buffer;
  /** Small facts for `finish`, e.g. `{ count: 31 }`. */
  readonly meta?: Readonly<Record<string, string | number | boolean | null>>;
  /** Never set. Its type alone counts: the OpenAPI document says what answers look like by the type that `render` infers here. */
  readonly answer?: Answer;
}

/**
 * What an endpoint serves, stated once. What it depends on is derived from the SQL that `load` sends: nobody writes invalidation code.
 * `params`, `render` and `finish` are pure; `load` only sends statements and collects rows (it may use rows to build the next statement).
 */
export interface View<P extends Params = Params, D = unknown> {
  /** e.g. `invoice.list`. */
  readonly name: string;
  /** Raise it when `render` changes what it makes of the same rows. */
  readonly shapeVersion: number;
  /** Whose TTL counts; the shortest wins. */
  readonly models: readonly Model[];
  /** Overrides the TTL table, in seconds. */
  readonly ttlSeconds?: number;
  /** `application/json` when absent. */
  readonly contentType?: string;
  /** Parameters that reach every form of the SQL: the view's version and its explain page are made from them. */
  readonly specimens: readonly P[];
  /** Validated parameters in canonical form. They are the entry's key: whatever the body depends on must be in them. @throws ApiError */
  params(request: ViewRequest): P;
  load(params: P, query: Query): Promise<D>;
  render(data: D, params: P): Rendered;
  /** Adds what depends on the request alone (paging links, signatures) around the stored body. Must be cheap: it runs on hits. */
  finish?(stored: StoredBody, request: ViewRequest, params: P): Buffer;
  /** Where the answer may be too large to be held in memory. */
  readonly streamed?: Streamed<P>;
  /** Extra headers of the answer, e.g. a file name. */
  headers?(params: P): Readonly<Record<string, string>>;
}

/** How an answer too large to be held is written as it is read. It is not stored, and has no ETag. */
export interface Streamed<P extends Params = Params> {
  /** Counts the rows that the answer grows with: one row of `count`. */
  size(params: P): Statement;
  /** What `render` would give, but for blanks between; a piece whenever one is asked for. `query` sees one snapshot; nothing is sent between pieces. */
  pieces(params: P, query: Query): AsyncIterable<string>;
}

export interface StoredBody {
  readonly body: Buffer;
  readonly meta: Readonly<Record<string, string | number | boolean | null>>;
}
