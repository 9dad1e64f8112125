import { StoreUnavailable } from '@freshet/cache-engine';

/** Whatever the server answered, or did not: for now it cannot be used. The cause tells operators why. */
export function asUnavailable(error: unknown): StoreUnavailable {
  return error instanceof StoreUnavailable ? error : new StoreUnavailable(error);
}

/** What the step says, or 'full' where the server refuses it for want of memory. */
export async function fullWhereRefused(step: () => Promise<unknown>): Promise<unknown> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Error && /\bOOM\b/.test(error.message)) return 'full';
    throw error;
  }
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

/** What the work resolves to; whatever it fails with means that the store cannot be used for now. */
export async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asUnavailable(error);
  }
}
