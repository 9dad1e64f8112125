import { StoreUnavailable } from '@freshet/cache-engine';

type Results = [error: Error | null, result: unknown][] | null;

/** The replies of a pipeline in order. @throws StoreUnavailable when the connection broke, or the first error of a command. */
export function repliesOf(results: Results): unknown[] {
  if (results === null) throw new StoreUnavailable(new Error('the pipeline was aborted'));
  return results.map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
}

/** Errors that Redis answers with are ours to mend; all others mean that it could not be asked. */
export function asUnavailable(error: unknown): unknown {
  const isReply = error instanceof Error && error.name === 'ReplyError' && !TRANSIENT.test(error.message);
  return isReply || error instanceof StoreUnavailable ? error : new StoreUnavailable(error);
}

/** Replies of a server that will answer properly in a while. */
const TRANSIENT = /^(LOADING|BUSY|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF)/;

export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && /\bOOM\b/.test(error.message);
}

export const textOf = (reply: unknown): string | undefined => {
  if (Buffer.isBuffer(reply)) return reply.toString();
  return typeof reply === 'string' || typeof reply === 'number' ? String(reply) : undefined;
};

export const numberOf = (reply: unknown): number | undefined => {
  const text = textOf(reply);
  return text === undefined ? undefined : Number(text);
};

export const bigintOf = (reply: unknown): bigint | undefined => {
  const text = textOf(reply);
  return text === undefined ? undefined : BigInt(text);
};

export function listOf(reply: unknown): unknown[] {
  return Array.isArray(reply) ? reply : [];
}
