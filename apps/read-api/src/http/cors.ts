import { type IncomingMessage } from 'node:http';

const PREFLIGHT_HEADERS: readonly string[] = [
  'access-control-allow-headers',
  'accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with',
  'access-control-allow-methods',
  'DELETE, GET, OPTIONS, PATCH, POST, PUT',
  'access-control-max-age',
  '86400',
];

/** Which other origins may read. A foreign one is answered without these headers; its browser does the refusing. */
export class Cors {
  private readonly origins: ReadonlySet<string>;

  /** @param origins `*` allows all */
  constructor(origins: readonly string[]) {
    this.origins = new Set(origins);
  }

  /** Names and values in turn, to be appended to an answer's headers. */
  headersFor({ headers }: IncomingMessage): readonly string[] {
    const { origin } = headers;
    if (origin === undefined) return [];
    if (this.origins.has('*')) return ['access-control-allow-origin', '*'];
    return this.origins.has(origin) ? ['access-control-allow-origin', origin] : [];
  }

  /** The headers that answer a browser's question before the real request; undefined when it is none. */
  preflight(request: IncomingMessage): readonly string[] | undefined {
    const { origin, 'access-control-request-method': method } = request.headers;
    if (request.method !== 'OPTIONS' || origin === undefined || method === undefined) return undefined;
    const allowed = this.headersFor(request);
    return allowed.length === 0 ? [] : [...allowed, ...PREFLIGHT_HEADERS];
  }
}
