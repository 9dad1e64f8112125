import { request, type IncomingHttpHeaders } from 'node:http';
import { type Case, type Json } from './case.js';

/** The host of the recording: links in answers name it, whatever port is asked. */
const HOST = 'api.test';
const TIMEOUT_MS = 60_000;

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Parsed where it is JSON, otherwise text. */
  readonly body: Json;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/** Sends a request as it was recorded: these headers and no others. */
export function send(base: URL, recorded: Case, authorization: string | null | undefined): Promise<HttpAnswer> {
  const headers: Record<string, string> = { Host: HOST, Accept: recorded.accept ?? 'application/json' };
  if (typeof authorization === 'string') headers['Authorization'] = authorization;
  const { hostname, port } = base;
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method: 'GET', path: sendable(recorded.path), headers, timeout: TIMEOUT_MS };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(parsed(response.statusCode ?? 0, response.headers, Buffer.concat(chunks))));
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
    sent.on('error', reject);
    sent.end();
  });
}

function sendable(path: string): string {
  return path.replace(/[^\w/?&=%:+,.~*'()!$@;-]/gu, (c) => encodeURIComponent(c));
}

function parsed(status: number, headers: IncomingHttpHeaders, bytes: Buffer): HttpAnswer {
  const contentType = headers['content-type'] ?? '';
  const text = bytes.toString('utf8');
  return { status, contentType, body: bodyOf(contentType, text), text, headers };
}

function bodyOf(contentType: string, text: string): Json {
  if (mediaType(contentType) !== 'application/json' || text === '') return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

export function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}
