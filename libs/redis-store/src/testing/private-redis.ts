import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRedis } from '../connect.js';
import { type ScriptedRedis } from '../scripts.js';

/** A Redis server of a test's own: what is done to it disturbs nobody. */
export class PrivateRedis {
  private readonly connections: ScriptedRedis[] = [];

  private constructor(
    readonly port: number,
    private server: ChildProcess,
    private readonly folder: string,
    private readonly options: readonly string[],
  ) {}

  static async start(...options: string[]): Promise<PrivateRedis> {
    const folder = await mkdtemp(join(tmpdir(), 'freshet-redis-'));
    const port = await freePort();
    return new PrivateRedis(port, await serve(port, folder, options), folder, options);
  }

  get access() {
    return {
      topology: { kind: 'single' as const, host: '127.0.0.1', port: this.port },
      db: 0,
      username: undefined,
      password: undefined,
      sentinelPassword: undefined,
      tls: undefined,
      timeoutMs: 3000,
    };
  }

  async connect(): Promise<ScriptedRedis> {
    const redis = connectRedis(this.access);
    this.connections.push(redis);
    await once(redis, 'ready');
    return redis;
  }

  /** As after a power cut, with what was saved last. */
  async restart(): Promise<void> {
    await this.kill();
    this.server = await serve(this.port, this.folder, this.options);
  }

  async stop(): Promise<void> {
    for (const redis of this.connections) redis.disconnect();
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** As by a power cut. */
  async kill(): Promise<void> {
    if (this.server.exitCode !== null || this.server.signalCode !== null) return;
    const gone = once(this.server, 'exit');
    this.server.kill('SIGKILL');
    await gone;
  }
}

async function serve(port: number, folder: string, options: readonly string[]): Promise<ChildProcess> {
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  return launch([...fixed, ...options], 'Ready to accept connections');
}

/** Resolves when it has said that. */
export async function launch(options: readonly string[], ready: string): Promise<ChildProcess> {
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const chunk of server.stdout ?? []) {
    said += String(chunk);
    if (said.includes(ready)) break;
  }
  if (server.exitCode !== null) throw new Error(`redis-server did not start: ${said}`);
  return server;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return address.port;
}
