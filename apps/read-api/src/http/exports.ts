import { type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Query, type Source } from '@freshet/cache-engine';
import { bulkhead } from 'cockatiel';
import { chosenEncoding, streamedCompressors } from './compression.js';
import { type Admitted } from './exchange.js';
import { respondHead } from './respond.js';

/** An answer that is written as it is read. */
export interface StreamedReply {
  readonly pieces: (query: Query) => AsyncIterable<string>;
  readonly contentType?: string | undefined;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

type Pieces = AsyncGenerator<string, void, undefined>;

/** Each holds a connection for as long as it takes: others wait for their turn. */
const AT_ONCE = 2;
/** Longest wait for a client to take a piece. Its transaction would be ended by PostgreSQL about then, too. */
const STALLED_MS = 30_000;

/** Writes answers that are too large to be held, at the pace of their readers. */
export class Exports {
  private readonly turns = bulkhead(AT_ONCE, Infinity);

  /** @param onBroken told why an answer ended in its middle, though its client was still there */
  constructor(
    private readonly source: Source,
    private readonly onBroken: (error: unknown, request: IncomingMessage) => unknown,
  ) {}

  /** @throws what the source throws, as long as nothing was sent */
  async send(admitted: Admitted, reply: StreamedReply): Promise<void> {
    if (admitted.request.method !== 'HEAD') return this.turns.execute(() => this.write(admitted, reply));
    this.head(admitted, reply);
    admitted.response.end();
  }

  private async write(admitted: Admitted, reply: StreamedReply): Promise<void> {
    const { response } = admitted;
    // Gone while it waited.
    if (response.destroyed) return;
    const pieces = inOneSession(this.source, reply.pieces);
    try {
      const first = await pieces.next();
      const body = Readable.from(patiently(first, pieces, () => response.destroy()));
      const compressor = this.head(admitted, reply);
      await (compressor === undefined ? pipeline(body, response) : pipeline(body, compressor, response));
    } catch (error) {
      if (!response.headersSent) throw error;
      if (!isGone(error)) this.onBroken(error, admitted.request);
    } finally {
      await pieces.return();
    }
  }

  private head({ request, response, headers }: Admitted, { contentType, headers: own }: StreamedReply) {
    const encoding = chosenEncoding(request.headers['accept-encoding'] ?? '');
    respondHead(response, { contentType, headers: own, ...(encoding === undefined ? {} : { encoding }) }, headers);
    return encoding === undefined ? undefined : streamedCompressors[encoding]();
  }
}

/** The session ends when the last piece was taken, or none will be: never while a statement of it may follow. */
async function* inOneSession(source: Source, pieces: StreamedReply['pieces']): Pieces {
  const session = await source.open();
  try {
    yield* pieces(session.query);
  } finally {
    void session.close();
  }
}

async function* patiently(first: IteratorResult<string, void>, rest: Pieces, onStalled: () => void): Pieces {
  for (let next = first; next.done !== true; next = await rest.next()) {
    const stalled = setTimeout(onStalled, STALLED_MS);
    try {
      yield next.value;
    } finally {
      clearTimeout(stalled);
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
