import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { type Stack } from '../stack/stack.js';
import { GiveUp, until } from '../stack/until.js';

export const ADMIN_TOKEN = 'whole-stack-tests';

export type ServiceName = 'read-api' | 'invalidator';

/** One of our two services, run from its bundle beside a stack. */
export class Service {
  private child: ChildProcess | undefined;

  constructor(
    private readonly stack: Stack,
    private readonly name: ServiceName,
    private readonly options: {
      readonly port: number;
      /** What node runs instead of the service's bundle. */
      readonly program?: readonly string[];
      readonly env?: NodeJS.ProcessEnv;
    },
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts the process and waits until it is ready (or, where it is told to, only until it is alive). */
  async start(env: NodeJS.ProcessEnv = {}, path: '/ready' | '/live' = '/ready'): Promise<void> {
    const program = this.options.program ?? [`dist/apps/${this.name}/main.js`];
    const log = createWriteStream(join(this.stack.dir, `${this.name}-${this.options.port}.log`), { flags: 'a' });
    const child = spawn(process.execPath, ['--enable-source-maps', ...program], {
      env: { ...process.env, ...serviceEnv(this.stack, this.options.port), ...this.options.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    this.child = child;
    await until(`${this.name} to answer ${path}`, 30_000, async () => {
      if (!this.running) throw new GiveUp(`${this.name} ended while it started; its log is in ${this.stack.dir}`);
      return (await fetch(this.url + path)).status === 200;
    });
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when the process is gone, by whatever cause. */
  async gone(): Promise<void> {
    if (this.running) await once(this.child as ChildProcess, 'exit');
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.running) return;
    this.child?.kill(signal);
    await this.gone();
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Of an invalidator: `active` or `standby`. */
  async role(): Promise<string | undefined> {
    const answer = await fetch(`${this.url}/ready`);
    return ((await answer.json()) as { facts?: { role?: string } }).facts?.role;
  }
}

function serviceEnv(stack: Stack, port: number): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'development',
    LOG_LEVEL: 'info',
    PORT: String(port),
    ADMIN_TOKEN,
    DATABASE_URL: stack.databaseUrl,
    REDIS_HOST: stack.redis.host,
    REDIS_PORT: String(stack.redis.port),
    KAFKA_BROKERS: stack.kafkaBroker,
    KAFKA_TOPIC: stack.topic,
  };
}
