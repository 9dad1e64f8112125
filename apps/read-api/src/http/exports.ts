import { type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Query, type Source } from '@freshet/cache-engine';
import { bulkhead } from 'cockatiel';
import { NoTurn } from '../errors.js';
import { chosenEncoding, streamedCompressors } from './compression.js';
import { type Admitted } from './exchange.js';
import { respondHead, type Encoding } from './respond.js';

/** An answer that is written as it is read. */
export interface StreamedReply {
  readonly pieces: (query: Query) => AsyncIterable<Piece>;
  /** Absent: JSON. */
  readonly contentType?: string | undefined;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

type Piece = string | Uint8Array;
type Pieces = AsyncGenerator<Piece, void, undefined>;

export interface ExportLimits {
  /** Each holds a connection for as long as it takes: others wait for their turn. */
  readonly atOnce: number;
  /** Longest wait for a turn: shorter than a gateway waits for the first byte. */
  readonly turnMs: number;
  /** Longest wait for a client to take a piece. Its transaction would be ended by PostgreSQL about then, too. */
  readonly stalledMs: number;
}

const LIMITS: ExportLimits = { atOnce: 2, turnMs: 30_000, stalledMs: 30_000 };
/** Whose bytes are worth packing. */
const PLAIN = /^(text\/|application\/json)/;

/** Writes answers that are too large to be held, at the pace of their readers. */
export class Exports {
  private readonly turns;

  /** @param onBroken told why an answer ended in its middle, though its client was still there */
  constructor(
    private readonly source: Source,
    private readonly onBroken: (error: unknown, request: IncomingMessage) => unknown,
    private readonly limits = LIMITS,
  ) {
    this.turns = bulkhead(limits.atOnce, Infinity);
  }

  /** @throws what the source throws, as long as nothing was sent; NoTurn */
  async send(admitted: Admitted, reply: StreamedReply): Promise<void> {
    if (admitted.request.method !== 'HEAD') return this.inTurn(() => this.write(admitted, reply));
    this.head(admitted, reply);
    admitted.response.end();
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const tooLong = setTimeout(() => reject(new NoTurn()), this.limits.turnMs);
      const begin = (): Promise<void> => {
        clearTimeout(tooLong);
        return work();
      };
      this.turns.execute(begin).then(resolve, reject);
    });
  }

  private async write(admitted: Admitted, reply: StreamedReply): Promise<void> {
    const { response } = admitted;
    // Gone, or told to come again, while it waited.
    if (response.destroyed || response.writableEnded) return;
    const pieces = inOneSession(this.source, reply.pieces);
    try {
      const first = await pieces.next();
      // By a reset: to a client of HTTP/1.0 an orderly end of the connection is the end of the answer.
      const breakOff = (): unknown => response.socket?.resetAndDestroy();
      const body = Readable.from(this.patiently(first, pieces, breakOff));
      const encoding = this.head(admitted, reply);
      await (encoding === undefined
        ? pipeline(body, response)
        : pipeline(body, streamedCompressors[encoding](), response));
    } catch (error) {
      if (!response.headersSent) throw error;
      if (!isGone(error)) this.onBroken(error, admitted.request);
    } finally {
      await pieces.return();
    }
  }

  private head({ request, response, headers }: Admitted, { contentType, headers: own }: StreamedReply) {
    const encoding = encodingOf(contentType, request.headers['accept-encoding']);
    respondHead(response, { contentType, headers: own, ...(encoding === undefined ? {} : { encoding }) }, headers);
    return encoding;
  }

  private async *patiently(first: IteratorResult<Piece, void>, rest: Pieces, breakOff: () => unknown): Pieces {
    for (let next = first; next.done !== true; next = await nextOr(rest, breakOff)) {
      const stalled = setTimeout(breakOff, this.limits.stalledMs);
      try {
        yield next.value;
      } finally {
        clearTimeout(stalled);
      }
    }
  }
}

async function nextOr(pieces: Pieces, breakOff: () => unknown): Promise<IteratorResult<Piece, void>> {
  try {
    return await pieces.next();
  } catch (error) {
    breakOff();
    throw error;
  }
}

function encodingOf(contentType = 'application/json', acceptEncoding = ''): Encoding | undefined {
  return PLAIN.test(contentType) ? chosenEncoding(acceptEncoding) : undefined;
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

function isGone(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
