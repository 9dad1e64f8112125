import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { command } from './command.js';
import type { Deployment } from './deployment.js';
import type { Fault } from './fault.js';

/** What befalls what is stored. */
export function storeFaults(deployment: Deployment): Fault[] {
  const { stack, services } = deployment;
  const flush = (): Promise<void> => withRedis(stack.redis, async (redis) => void (await redis.flushall()));
  return [
    { name: 'empty redis', target: 'store', weight: 2, run: flush },
    { name: 'raise epoch', target: 'store', weight: 1, run: () => command(services.invalidator.url, 'epoch', {}) },
    {
      name: 'empty redis while the invalidator is away',
      target: 'invalidator',
      weight: 1,
      run: async (ms) => {
        services.invalidator.signal('SIGKILL');
        await flush();
        await pause(ms / 4);
      },
    },
    diskFull(deployment),
  ];
}

/**
 * Redis appends its writes to a file on a device that is always full. From the first write that fails on it refuses every write, and goes
 * on to answer reads.
 */
function diskFull({ stack }: Deployment): Fault {
  const folder = join(stack.dir, 'redis', 'appendonlydir');
  // Where Redis 7 writes from the moment it is told to append until the file has its name; afterwards it keeps it open.
  const file = join(folder, 'temp-appendonly.aof.incr');
  const append = (setting: 'yes' | 'no'): Promise<void> =>
    withRedis(stack.redis, async (redis) => void (await redis.config('SET', 'appendonly', setting)));
  return {
    name: 'the disk of redis is full',
    target: 'redis',
    weight: 2,
    run: async (ms) => {
      await mkdir(folder, { recursive: true });
      await rm(file, { force: true });
      await symlink('/dev/full', file);
      await append('yes');
      await pause(ms);
      await append('no');
    },
  };
}

/** A store that is away was no fault, so nothing is lost. */
async function withRedis(
  address: { host: string; port: number },
  work: (redis: Redis) => Promise<void>,
): Promise<void> {
  const redis = new Redis({ ...address, db: 1, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => undefined);
  await work(redis).catch(() => undefined);
  redis.disconnect();
}
