import { type Redis } from 'ioredis';

/**
 * Resolves to the replies to what `send` sends, in that order; the server carries it out in that order, too. It goes out as one packet,
 * without the client's pipelines: each of those gives its object a shape of its own, which keeps it, and all that it brought, until the next full
 * collection of garbage.
 */
export function inOnePacket(redis: Redis, send: () => readonly Promise<unknown>[]): Promise<unknown[]> {
  // There is none before the first connection, and then every command fails.
  const stream = redis.stream as Redis['stream'] | undefined;
  stream?.cork();
  try {
    return Promise.all(send());
  } finally {
    stream?.uncork();
  }
}
