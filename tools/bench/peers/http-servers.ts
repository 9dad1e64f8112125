import { createServer, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { digest } from '@freshet/cache-keys';
import { Pool } from 'pg';
import { type SentStatement } from '../served-statements.js';

/** What a peer of SQL is given. */
export interface SqlPeerInput {
  readonly databaseUrl: string;
  readonly statements: readonly SentStatement[];
}

/** The peer of a hit: a process of its own that answers every request with the bytes it was given on standard input. */
export async function serveConstant(): Promise<void> {
  const body = await buffer(process.stdin);
  listen((response) => answer(response, body));
}

/**
 * The peer of a miss: what a developer writes who has no cache. Each request sends the statements as prepared ones over a pool, each after
 * the one before it, and answers with their rows. Nobody is asked who he is, and nothing is rendered.
 */
export async function serveSql(): Promise<void> {
  const { databaseUrl, statements } = JSON.parse((await buffer(process.stdin)).toString()) as SqlPeerInput;
  const pool = new Pool({ connectionString: databaseUrl });
  listen(async (response) => {
    const rows: unknown[] = [];
    for (const { text, values } of statements) {
      rows.push((await pool.query({ name: digest(text), text, values: [...values] })).rows);
    }
    answer(response, Buffer.from(JSON.stringify(rows)));
  });
}

function listen(handle: (response: ServerResponse) => unknown): void {
  const server = createServer((_request, response) => void handle(response));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    console.log(typeof address === 'object' ? address?.port : address);
  });
  process.on('SIGTERM', () => process.exit(0));
}

function answer(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': String(body.length) });
  response.end(body);
}
