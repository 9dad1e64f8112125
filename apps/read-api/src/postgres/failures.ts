import { SourceUnavailable } from '@freshet/cache-engine';
import { StalePlan, StatementTimeout } from '../errors.js';

/** Connection failures, a server that is starting or stopping, or one that takes no more connections. */
const UNAVAILABLE = /^(08...|57P0.|53300|ECONN.*|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|25P03)$/;
/** What `pg` says without a code when a connection is lost, or silent. */
const LOST =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout/;
const QUERY_CANCELED = '57014';
/** "cached plan must not change result type", and a prepared statement that a pooler took away. */
const PLAN_GONE = new Set(['0A000', '26000']);

/** What a failed statement means to the caller. Anything not known is passed on: it is a fault of ours. */
export function failure(error: unknown): unknown {
  const code = codeOf(error);
  if (code === QUERY_CANCELED) return new StatementTimeout(error);
  if (PLAN_GONE.has(code)) return new StalePlan(error);
  return UNAVAILABLE.test(code) || (error instanceof Error && LOST.test(error.message))
    ? new SourceUnavailable(error)
    : error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
