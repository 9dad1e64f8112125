import { type IncomingMessage } from 'node:http';
import { ApiError } from '../api-error.js';
import { lastValues } from './asked.js';
import { formParts } from './form-parts.js';

/** What a body can be, as OPTIONS names it. */
export const BODY_TYPES = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'] as const;
type BodyType = (typeof BODY_TYPES)[number];

const readers: Readonly<Record<BodyType, (body: Buffer, contentType: string) => unknown>> = {
  'application/json': jsonOf,
  'application/x-www-form-urlencoded': (body) => lastValues(`?${body.toString('utf8')}`),
  'multipart/form-data': formParts,
};

const LARGEST = 1024 * 1024;

/** What a request's body says. @throws ApiError 413, 415, 400; also where the client goes away in the middle of it */
export async function bodyOf(request: IncomingMessage): Promise<unknown> {
  return parsedBody(request.headers['content-type'], await bytesOf(request));
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > LARGEST) throw new ApiError(413, { detail: 'Request body is too large.' }, { Connection: 'close' });
      chunks.push(chunk);
    }
  } catch (error) {
    // The client's doing, and nobody is left to be told: counted as its fault, not as ours.
    if (error instanceof ApiError) throw error;
    throw new ApiError(400, { detail: 'Request body is incomplete.' });
  }
  return Buffer.concat(chunks);
}

/** A body without bytes says nothing, whatever its type. @throws ApiError 415, 400 */
export async function parsedBody(contentType = '', body: Buffer): Promise<unknown> {
  if (body.length === 0) return {};
  const media = contentType.split(';', 1)[0]?.trim().toLowerCase();
  const type = BODY_TYPES.find((known) => known === media);
  if (type === undefined) throw new ApiError(415, { detail: `Unsupported media type "${contentType}" in request.` });
  return readers[type](body, contentType);
}

/** JSON is UTF-8 without a byte order mark. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(UTF8.decode(body)) as unknown;
  } catch (error) {
    throw new ApiError(400, { detail: `JSON parse error - ${error instanceof Error ? error.message : ''}` });
  }
}
