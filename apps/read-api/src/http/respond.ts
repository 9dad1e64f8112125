import { type IncomingMessage, type ServerResponse } from 'node:http';

/** From this size on the original compresses, and says so in `Vary`. */
export const LEAST_COMPRESSED = 200;

const ALWAYS: readonly string[] = [
  'X-Frame-Options',
  'SAMEORIGIN',
  'X-Content-Type-Options',
  'nosniff',
  'Referrer-Policy',
  'same-origin',
  'Cross-Origin-Opener-Policy',
  'same-origin',
  // No shared cache may keep it; a browser may, if it asks again each time.
  'Cache-Control',
  'private, no-cache',
];
const VARY = ['Vary', 'Accept, origin'];
const VARY_ENCODING = ['Vary', 'Accept, origin, Accept-Encoding'];

export const NOTHING = Buffer.alloc(0);

export type Encoding = 'br' | 'gzip';

export interface Reply {
  readonly status: number;
  readonly body: Buffer;
  /** Says which body this is, where that is known: equal ones have equal bodies. */
  readonly identity?: string | undefined;
  /** How the body is compressed. */
  readonly encoding?: Encoding;
  /** Absent: JSON. */
  readonly contentType?: string | undefined;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

/**
 * Writes an answer in one go. HEAD gets the same headers, length included, and no body.
 * @param more headers beside the reply's own
 */
export function respond(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  more: readonly string[] = [],
): void {
  const { status, body, encoding, contentType = 'application/json' } = reply;
  const vary = encoding !== undefined || body.length >= LEAST_COMPRESSED ? VARY_ENCODING : VARY;
  // "Not modified" has no body, so nothing may speak of one.
  const content = status === 304 ? [] : ['Content-Type', contentType, 'Content-Length', String(body.length)];
  if (encoding !== undefined) content.push('Content-Encoding', encoding);
  response.writeHead(status, content.concat(vary, ALWAYS, reply.headers, more));
  response.end(request.method === 'HEAD' || status === 304 ? undefined : body);
}

/** The head of an answer whose length nobody knows yet. */
export function respondHead(
  response: ServerResponse,
  { encoding, contentType = 'application/json', headers }: Omit<Reply, 'status' | 'body'>,
  more: readonly string[],
): void {
  const content = ['Content-Type', contentType, ...(encoding === undefined ? [] : ['Content-Encoding', encoding])];
  response.writeHead(200, content.concat(VARY_ENCODING, ALWAYS, headers, more));
}

export function flatHeaders(headers: Readonly<Record<string, string>> | undefined): readonly string[] {
  return headers === undefined ? [] : Object.entries(headers).flat();
}
