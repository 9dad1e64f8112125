import { promisify } from 'node:util';
import { type Transform } from 'node:stream';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import { digest } from '@freshet/cache-keys';
import { LRUCache } from 'lru-cache';
import { LEAST_COMPRESSED, type Encoding, type Reply } from './respond.js';

const KEPT_BYTES = 64 * 1024 * 1024;

const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 6 };

const compressors: Readonly<Record<Encoding, (body: Buffer) => Promise<Buffer>>> = {
  br: (body) => promisify(brotliCompress)(body, BROTLI),
  gzip: (body) => promisify(gzip)(body, GZIP),
};

/** For a body that is not known as a whole. Every piece goes out as it comes: a gateway takes silence for a fault. */
export const streamedCompressors: Readonly<Record<Encoding, () => Transform>> = {
  br: () => createBrotliCompress({ ...BROTLI, flush: constants.BROTLI_OPERATION_FLUSH }),
  gzip: () => createGzip({ ...GZIP, flush: constants.Z_SYNC_FLUSH }),
};

/** Compresses each body once for each encoding and keeps the result by the body's digest, so a hit pays nothing again. */
export class Compression {
  private readonly kept = new LRUCache<string, Buffer>({ maxSize: KEPT_BYTES, sizeCalculation: (body) => body.length });

  /** The reply in the best form that the caller takes. A plain value, not a promise, where nothing needs to be done. */
  apply(reply: Reply, acceptEncoding: string | undefined): Reply | Promise<Reply> {
    if (acceptEncoding === undefined || reply.body.length < LEAST_COMPRESSED || reply.status === 304) return reply;
    const encoding = chosenEncoding(acceptEncoding);
    if (encoding === undefined) return reply;
    const key = `${encoding} ${reply.identity ?? digest(reply.body.toString('latin1'))}`;
    const kept = this.kept.get(key);
    return kept === undefined ? this.compress(reply, encoding, key) : { ...reply, body: kept, encoding };
  }

  private async compress(reply: Reply, encoding: Encoding, key: string): Promise<Reply> {
    const body = await compressors[encoding](reply.body);
    this.kept.set(key, body);
    return { ...reply, body, encoding };
  }
}

/** What the caller likes best by its `q`; of equals brotli. */
export function chosenEncoding(acceptEncoding: string): Encoding | undefined {
  const liked = new Map(acceptEncoding.toLowerCase().split(',').map(codingOf));
  const [br, gzip] = (['br', 'gzip'] as const).map((encoding) => liked.get(encoding) ?? liked.get('*') ?? 0);
  if (!br && !gzip) return undefined;
  return (br ?? 0) >= (gzip ?? 0) ? 'br' : 'gzip';
}

/** A coding with its `q`; 1 where none can be read. */
function codingOf(text: string): [string, number] {
  const [name = '', ...parameters] = text.split(';').map((piece) => piece.trim());
  const q = parameters.map((parameter) => /^q\s*=\s*([01](?:\.\d*)?)$/.exec(parameter)?.[1]).find(Boolean);
  return [name, q === undefined ? 1 : Number(q)];
}
