import { controlKeys } from '@freshet/cache-keys';
import { type Redis } from 'ioredis';
import { type Client } from 'pg';

/**
 * Resolves when everything committed before the call is applied, to a watermark that says so: a heartbeat of our own is logged after it,
 * and the one after that lets the watermark pass the first.
 */
export async function watermarkPassed(redis: Redis, writer: Client): Promise<number> {
  const listener = redis.duplicate();
  try {
    return await new Promise<number>((resolve, reject) => {
      let target = Infinity;
      listener.on('smessage', (_channel, message: string) => {
        const [kind, value] = message.split(' ');
        if (kind === 'watermark' && Number(value) >= target) resolve(target);
      });
      listener.ssubscribe(controlKeys.news).then(async () => {
        target = await beat(writer);
        await beat(writer);
      }, reject);
    });
  } finally {
    listener.disconnect();
  }
}

/** Writes a heartbeat; resolves to a moment of the database's clock before its commit and after all earlier ones. */
async function beat(writer: Client): Promise<number> {
  const { rows } = await writer.query<{ ms: string }>(
    'SELECT floor(extract(epoch FROM freshet_heartbeat_next()) * 1000) AS ms',
  );
  return Number(rows[0]?.ms);
}
