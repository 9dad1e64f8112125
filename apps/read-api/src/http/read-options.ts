import { type IncomingHttpHeaders } from 'node:http';
import { type ReadOptions } from '../engine/view-reader.js';
import { readToken } from './read-token.js';

const NO_OPTIONS: ReadOptions = {};

/** What the caller asks of the cache: its own writes, a fresh look, or less staleness than the service allows. */
export function readOptions(headers: IncomingHttpHeaders): ReadOptions {
  const token = readToken(headers);
  const fresh = headers['cache-control']?.includes('no-cache') === true;
  const maxStalenessMs = milliseconds(headers['freshet-max-staleness']);
  // Nearly every request asks for nothing.
  if (token === undefined && !fresh && maxStalenessMs === undefined) return NO_OPTIONS;
  return { fresh, token, maxStalenessMs };
}

function milliseconds(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
