import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Part } from '../stack/part.js';
import { Supervisor } from '../stack/supervisor.js';
import type { Stack } from '../stack/stack.js';

export const SERVICES = ['read-api', 'invalidator'] as const;
type ServiceName = (typeof SERVICES)[number];
export type ServicePorts = Readonly<Record<ServiceName, number>>;

export const DEVELOPMENT_REDIS_DB = 1;
const READY_ANSWER_MS = 2000;

export interface ServiceOptions {
  readonly stack: Stack;
  readonly ports: ServicePorts;
  readonly secretKey: string;
  readonly adminToken: string;
  readonly log: (line: string) => void;
}

/** Starts the services that do not run yet, each from its bundle, and waits until both say that they are ready. */
export async function startServices({ stack, ports, secretKey, adminToken, log }: ServiceOptions): Promise<void> {
  const supervisor = new Supervisor(stack.dir);
  await Promise.all(
    SERVICES.map(async (name) => {
      const env = { ...serviceEnvironment(stack), DJANGO_SECRET_KEY: secretKey, ADMIN_TOKEN: adminToken };
      const started = await supervisor.start(servicePart({ name, dir: stack.dir, port: ports[name], env }));
      log(`${name} ${started ? 'is ready' : 'runs already'}`);
    }),
  );
}

export async function buildServices(): Promise<void> {
  await Promise.all(SERVICES.map((name) => promisify(execFile)(process.execPath, ['tools/app.mjs', name])));
}

interface ServicePartOptions {
  readonly name: ServiceName;
  readonly dir: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

function servicePart({ name, dir, port, env }: ServicePartOptions): Part {
  const home = join(dir, name);
  const bundle = resolve('dist/apps', name, 'main.js');
  return {
    name,
    port,
    home,
    // The last argument is for us: it tells the services of two stacks apart.
    command: {
      file: process.execPath,
      args: ['--enable-source-maps', bundle, home],
      env: { ...env, PORT: String(port) },
    },
    stopSignal: 'SIGTERM',
    prepare: async () => undefined,
    ready: async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(READY_ANSWER_MS) });
      return answer.ok;
    },
  };
}

/** Where the stack is, in the variables of the services. An empty one overrides what the terminal may have set for other purposes. */
function serviceEnvironment(stack: Stack): Record<string, string> {
  return {
    NODE_ENV: 'development',
    DATABASE_URL: stack.databaseUrl,
    REDIS_URL: '',
    REDIS_HOST: stack.redis.host,
    REDIS_PORT: String(stack.redis.port),
    REDIS_DB: String(DEVELOPMENT_REDIS_DB),
    KAFKA_BROKERS: stack.kafkaBroker,
    KAFKA_TOPIC: stack.topic,
    KAFKA_GROUP_ID: 'freshet-invalidator',
  };
}

/** ADMIN_TOKEN, or one made once for the folder, so that a second start knows the token of the services that run. */
export async function adminTokenOf(dir: string): Promise<string> {
  const chosen = process.env['ADMIN_TOKEN'];
  if (chosen !== undefined && chosen !== '') return chosen;
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'admin-token');
  const token = randomBytes(24).toString('base64url');
  // Written only where none exists.
  await writeFile(file, token, { mode: 0o600, flag: 'wx' }).catch(() => undefined);
  return readFile(file, 'utf8');
}
