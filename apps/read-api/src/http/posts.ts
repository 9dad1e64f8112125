import { type IncomingMessage } from 'node:http';
import { type Source } from '@freshet/cache-engine';
import { ApiError } from '../api-error.js';
import { type Made, type Post } from '../route.js';
import { type ViewRequest } from '../view.js';
import { parsedBody } from './request-body.js';

const LARGEST_BODY = 1024 * 1024;

/** Runs the POSTs that only read: each in one snapshot, nothing stored. */
export class Posts {
  constructor(private readonly source: Source) {}

  async run(post: Post, incoming: IncomingMessage, request: ViewRequest): Promise<Made> {
    const body = await parsedBody(incoming.headers['content-type'], await bytesOf(incoming));
    const session = await this.source.open();
    try {
      return await post(body, request, session.query);
    } finally {
      void session.close();
    }
  }
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_BODY)
      throw new ApiError(413, { detail: 'Request body is too large.' }, { Connection: 'close' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
