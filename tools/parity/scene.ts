import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { connectRedis, RedisChangeStore } from '@freshet/redis-store';
import { postgresAccount } from '../stack/account.js';
import { postgresPart, postgresUrl } from '../stack/postgres.js';
import { findPrograms } from '../stack/programs.js';
import { redisPart } from '../stack/redis.js';
import { Supervisor } from '../stack/supervisor.js';
import { ReadApi } from './read-api.js';
import { reachableServer, scratchDatabase } from './scratch-database.js';

export interface SceneOptions {
  readonly schema: string;
  readonly dataset: string;
  readonly secretKey: string;
}

/** The read API on loaded data, with a Redis of its own. */
export interface Scene {
  readonly base: URL;
  end(): Promise<void>;
}

/** Starts everything; what was started is ended again when a later step fails. */
export async function startScene(options: SceneOptions): Promise<Scene> {
  const undo: (() => unknown)[] = [];
  const end = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const dir = mkdtempSync(join(tmpdir(), 'freshet-parity-'));
    chmodSync(dir, 0o755);
    undo.push(() => rmSync(dir, { recursive: true, force: true }));
    const supervisor = new Supervisor(dir);
    const server = (await reachableServer()) ?? (await ownServer(supervisor, dir, undo));
    const database = await scratchDatabase(server, [options.schema, options.dataset]);
    undo.push(() => database.drop());
    const redisPort = await ownRedis(supervisor, dir, undo);
    const api = await ReadApi.start(await freePort(), environment(database.url, redisPort, options.secretKey), dir);
    undo.push(() => api.stop());
    return { base: api.base, end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function ownServer(supervisor: Supervisor, dir: string, undo: (() => unknown)[]): Promise<string> {
  const port = await freePort();
  const account = postgresAccount();
  const part = postgresPart({ dir, port, bin: findPrograms({ maven: false }).postgresBin, account });
  undo.push(() => rmSync(part.home, { recursive: true, force: true }));
  undo.push(() => supervisor.stop(part.name));
  await supervisor.start(part);
  return postgresUrl(port, 'postgres', 'postgres');
}

/** A store opened as an invalidator would open it. Nothing changes the data, so none needs to run. */
async function ownRedis(supervisor: Supervisor, dir: string, undo: (() => unknown)[]): Promise<number> {
  const program = onPath('redis-server');
  if (program === undefined) throw new Error('redis-server is missing: apt-get install -y redis-server');
  const port = await freePort();
  undo.push(() => supervisor.stop('redis'));
  await supervisor.start(redisPart({ dir, port, program }));
  await openStore(port);
  return port;
}

async function openStore(port: number): Promise<void> {
  const topology = { kind: 'single', host: '127.0.0.1', port } as const;
  const nobody = { username: undefined, password: undefined, sentinelPassword: undefined, tls: undefined };
  const redis = connectRedis({ topology, db: 1, timeoutMs: 3000, ...nobody });
  await new Promise((resolve) => redis.once('ready', resolve));
  await new RedisChangeStore(redis, { nonce: () => randomUUID() }).open();
  redis.disconnect();
}

function environment(database: string, redisPort: number, secretKey: string): Readonly<Record<string, string>> {
  return {
    NODE_ENV: 'development',
    DATABASE_URL: database,
    REDIS_URL: `redis://127.0.0.1:${redisPort}/1`,
    DJANGO_SECRET_KEY: secretKey,
    // No log is followed here, and the data stands still: late is as good as never.
    ON_STALE: 'serve',
    // A busy machine must not look like a Redis that is away.
    REDIS_READ_BUDGET: '5s',
    LOG_LEVEL: 'warn',
  };
}

function onPath(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
