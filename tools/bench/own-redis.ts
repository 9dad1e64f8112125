import { once } from 'node:events';
import { resolve } from 'node:path';
import { connectRedis, type ScriptedRedis } from '@freshet/redis-store';
import { placeFrom } from '../stack/place.js';
import { findPrograms } from '../stack/programs.js';
import { redisPart } from '../stack/redis.js';
import { Supervisor } from '../stack/supervisor.js';

const DIR = '.stack-bench-redis';
/** Behind the ports of the stack that other suites run. */
const PORTS_BEHIND = 21;
const USUAL_PORTS_FROM = '24432';

export interface OwnRedis {
  readonly redis: ScriptedRedis;
  readonly pid: number;
}

/** A Redis of its own for the length of `use`, with room for a million entries and nothing else on it. */
export async function withOwnRedis<T>(use: (server: OwnRedis) => Promise<T>): Promise<T> {
  const dir = resolve(DIR);
  const supervisor = new Supervisor(dir);
  const port = placeFrom({ FRESHET_STACK_PORTS_FROM: USUAL_PORTS_FROM, ...process.env }).portsFrom + PORTS_BEHIND;
  await supervisor.start(redisPart({ dir, port, program: findPrograms({ maven: false }).redisServer }));
  const redis = await connectedTo(port);
  try {
    await redis.config('SET', 'maxmemory', '0');
    return await use({ redis, pid: supervisor.pid('redis') ?? 0 });
  } finally {
    redis.disconnect();
    await supervisor.stop('redis');
  }
}

/** Connected as the services connect. */
export async function connectedTo(port: number, db = 0): Promise<ScriptedRedis> {
  const redis = connectRedis({
    topology: { kind: 'single', host: '127.0.0.1', port },
    db,
    username: undefined,
    password: undefined,
    sentinelPassword: undefined,
    tls: undefined,
    timeoutMs: 60_000,
  });
  await once(redis, 'ready');
  return redis;
}
