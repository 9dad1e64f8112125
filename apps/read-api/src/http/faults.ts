import { SourceUnavailable, TooStale } from '@freshet/cache-engine';
import { ApiError } from '../api-error.js';
import { NoTurn, StalePlan, StatementTimeout } from '../errors.js';
import { flatHeaders, type Reply } from './respond.js';

const RETRY_AFTER_SECONDS = '2';
/** Worth another try, as none of them is a fault of the request. */
const PASSING = [SourceUnavailable, TooStale, StatementTimeout, StalePlan, NoTurn];

/** The answer to an error. Only an ApiError speaks for itself; nothing of any other reaches the caller. */
export function replyTo(error: unknown): Reply {
  if (error instanceof ApiError) {
    return { status: error.status, body: json(error.body), headers: flatHeaders(error.headers) };
  }
  if (PASSING.some((kind) => error instanceof kind)) {
    const body = json({ detail: 'Service temporarily unavailable.' });
    return { status: 503, body, headers: ['Retry-After', RETRY_AFTER_SECONDS] };
  }
  return { status: 500, body: json({ detail: 'A server error occurred.' }), headers: [] };
}

export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
