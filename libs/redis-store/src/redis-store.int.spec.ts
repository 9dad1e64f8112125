import { randomUUID } from 'node:crypto';
import { storeContract } from '@freshet/cache-engine/testing';
import { connectRedis, RedisChangeStore, RedisEntryStore } from './index.js';

const port = Number(process.env['FRESHET_TEST_REDIS_PORT'] ?? 6379);

storeContract('one Redis server', async () => {
  const access = {
    topology: { kind: 'single', host: '127.0.0.1', port },
    db: 9,
    username: undefined,
    password: undefined,
    sentinelPassword: undefined,
    tls: undefined,
    timeoutMs: 3000,
  } as const;
  const redis = connectRedis(access, { keyPrefix: `${randomUUID()}:` });
  await new Promise((resolve) => redis.once('ready', resolve));
  return {
    entries: new RedisEntryStore(redis),
    changes: new RedisChangeStore(redis, { nonce: randomUUID }),
    others: new RedisChangeStore(redis, { nonce: randomUUID }),
    close: async () => {
      const prefix = redis.options.keyPrefix ?? '';
      const keys = await redis.keys(`${prefix}*`);
      if (keys.length > 0) await redis.unlink(...keys.map((key) => key.slice(prefix.length)));
      redis.disconnect();
    },
  };
});
