import { StoreUnavailable } from '@freshet/cache-engine';

/** Whatever the server answered, or did not: for now it cannot be used. The cause tells operators why. */
export function asUnavailable(error: unknown): StoreUnavailable {
  return error instanceof StoreUnavailable ? error : new StoreUnavailable(error);
}

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

/** What the work resolves to; whatever it fails with means that the store cannot be used for now. */
export async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asUnavailable(error);
  }
}
