import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { Scale } from '../demo-data/world.js';
import { portsOf, type Place } from '../stack/place.js';
import { until } from '../stack/until.js';
import type { ServicePorts } from './services.js';

const COMPOSE = ['compose', '--project-name', 'freshet'];
const ENGINE_ANSWER_MS = 5000;
const READY_MS = 120_000;
const POSTGRES_PASSWORD = 'postgres';
/** The containers' own choice in docker-compose.yml. */
const REDIS_DB = 2;

export async function dockerAnswers(): Promise<boolean> {
  try {
    await promisify(execFile)('docker', ['info'], { timeout: ENGINE_ANSWER_MS });
    return true;
  } catch {
    return false;
  }
}

export interface ComposeOptions {
  readonly place: Place;
  readonly ports: ServicePorts;
  readonly secretKey: string;
  readonly adminToken: string;
  readonly scale: Scale;
}

export interface Servers {
  readonly readApi: string;
  readonly invalidator: string;
  /** As the superuser: to change rows and see what happens. */
  readonly database: string;
  readonly redis: string;
  readonly kafka: string;
  /** How to run `psql` on that database. */
  readonly psql: readonly string[];
}

/** Builds and starts the containers of docker-compose.yml and waits until both services are ready. */
export async function composeUp({ place, ports, secretKey, adminToken, scale }: ComposeOptions): Promise<Servers> {
  const { postgres, redis, kafka, connect } = portsOf(place.portsFrom);
  await compose(['up', '--detach', '--build'], {
    DJANGO_SECRET_KEY: secretKey,
    ADMIN_TOKEN: adminToken,
    POSTGRES_PASSWORD,
    DEMO_INVOICES: String(scale.invoices),
    DEMO_SEED: String(scale.seed),
    POSTGRES_PORT: String(postgres),
    REDIS_PORT: String(redis),
    KAFKA_PORT: String(kafka),
    CONNECT_PORT: String(connect),
    READ_API_PORT: String(ports['read-api']),
    INVALIDATOR_PORT: String(ports.invalidator),
  });
  const readApi = `http://127.0.0.1:${ports['read-api']}`;
  const invalidator = `http://127.0.0.1:${ports.invalidator}`;
  await Promise.all(
    [readApi, invalidator].map((url) => until(`${url}/ready`, READY_MS, async () => (await fetch(`${url}/ready`)).ok)),
  );
  return {
    readApi,
    invalidator,
    database: `postgres://postgres:${POSTGRES_PASSWORD}@127.0.0.1:${postgres}/freshet`,
    redis: `redis://127.0.0.1:${redis}/${REDIS_DB}`,
    kafka: `127.0.0.1:${kafka}`,
    psql: ['docker', ...COMPOSE, 'exec', '-T', 'postgres', 'psql', '-U', 'postgres', 'freshet'],
  };
}

/** Removes the containers and keeps their volumes. */
export function composeDown(): Promise<void> {
  return compose(['down'], {});
}

async function compose(args: readonly string[], env: Record<string, string>): Promise<void> {
  const child = spawn('docker', [...COMPOSE, ...args], { stdio: ['ignore', 2, 2], env: { ...process.env, ...env } });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`docker compose ${args.join(' ')} failed`);
}
