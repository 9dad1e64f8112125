import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { Random } from '../demo-data/random.js';
import { ADMIN_TOKEN, type ServiceName } from '../e2e/services.js';
import { quietKafka } from '../stack/kafka.js';
import type { PartName } from '../stack/part.js';
import type { Deployment } from './deployment.js';
import type { LinkState } from './link.js';

/** Something that goes wrong for a while. What it breaks it mends, but for what the deployment mends by itself. */
export interface Fault {
  readonly name: string;
  /** Whom it hits: two at once hit two. */
  readonly target: string;
  readonly weight: number;
  readonly run: (ms: number) => Promise<void>;
}

/** Everything that can go wrong. */
export function faultsOf(deployment: Deployment, random: Random): readonly Fault[] {
  return [
    ...(['postgres', 'redis', 'kafka', 'connect'] as const).flatMap((part) => partFaults(deployment, part)),
    ...(['read-api', 'invalidator'] as const).flatMap((name) => serviceFaults(deployment, name)),
    ...Object.entries(deployment.links).flatMap(([name]) => linkFaults(deployment, name as keyof Deployment['links'])),
    ...storeFaults(deployment),
    ...logFaults(deployment, random),
    lateVisibility(deployment),
  ];
}

function partFaults(deployment: Deployment, part: PartName): Fault[] {
  const { stack } = deployment;
  const dear = part === 'kafka' || part === 'connect'; // they take long to come back
  return [
    {
      name: `kill ${part}`,
      target: part,
      weight: dear ? 1 : 2,
      run: async (ms) => {
        await stack.kill(part);
        await pause(ms / 4);
        await deployment.bringUp(part);
      },
    },
    {
      name: `restart ${part}`,
      target: part,
      weight: dear ? 0.5 : 1,
      run: () => stack.stopPart(part).then(() => deployment.bringUp(part)),
    },
    {
      name: `freeze ${part}`,
      target: part,
      weight: 2,
      run: async (ms) => {
        stack.pause(part);
        await pause(ms);
        stack.resume(part);
      },
    },
  ];
}

function serviceFaults({ services }: Deployment, name: ServiceName): Fault[] {
  const end = (signal: NodeJS.Signals) => async (ms: number) => {
    services[name].signal(signal);
    await pause(ms / 4);
  };
  return [
    { name: `kill ${name}`, target: name, weight: 3, run: end('SIGKILL') },
    { name: `restart ${name}`, target: name, weight: 1, run: end('SIGTERM') },
    {
      name: `freeze ${name}`,
      target: name,
      weight: 2,
      run: async (ms) => {
        services[name].signal('SIGSTOP');
        await pause(ms);
        services[name].signal('SIGCONT');
      },
    },
  ];
}

function linkFaults({ links }: Deployment, name: keyof Deployment['links']): Fault[] {
  const states: readonly LinkState[] = ['cut', 'slow', 'deaf', 'frozen'];
  return states.map((state) => ({
    name: `${name} ${state}`,
    target: name,
    weight: 0.7,
    run: async (ms) => {
      links[name].become(state);
      await pause(ms);
      links[name].become('whole');
    },
  }));
}

function storeFaults({ stack, services }: Deployment): Fault[] {
  const flush = async (): Promise<void> => {
    const redis = new Redis({ ...stack.redis, db: 1, maxRetriesPerRequest: 0, retryStrategy: () => null });
    redis.on('error', () => undefined);
    await redis.flushall().catch(() => undefined);
    redis.disconnect();
  };
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
  ];
}

function logFaults({ stack, services }: Deployment, random: Random): Fault[] {
  const kafka = quietKafka(stack.kafkaBroker);
  const end = async (): Promise<number> => {
    const admin = kafka.admin();
    await admin.connect();
    const [partition] = await admin.fetchTopicOffsets(stack.topic).finally(() => admin.disconnect());
    return Number(partition?.high ?? 0);
  };
  return [
    {
      name: 'replay the log',
      target: 'log',
      weight: 1.5,
      run: async () => {
        const from = Math.max(0, (await end().catch(() => 0)) - random.between(10, 500));
        await command(services.invalidator.url, 'replay', { from });
      },
    },
    {
      name: 'the log is cut off while the invalidator is away',
      target: 'invalidator',
      weight: 1,
      run: async (ms) => {
        services.invalidator.signal('SIGSTOP');
        await pause(ms / 2);
        const admin = kafka.admin();
        await admin.connect();
        const partitions = [{ partition: 0, offset: '-1' }];
        await admin.deleteTopicRecords({ topic: stack.topic, partitions }).catch(() => undefined);
        await admin.disconnect();
        services.invalidator.signal('SIGKILL');
      },
    },
  ];
}

/** Commits reach the log and stay invisible: they wait for a standby that does not exist. */
function lateVisibility({ stack, services }: Deployment): Fault {
  const configure = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: stack.ownerUrl, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(sql);
    await client.query('SELECT pg_reload_conf()');
    await client.end();
  };
  return {
    name: 'commits become visible late',
    target: 'visibility',
    weight: 4,
    run: async (ms) => {
      await configure("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
      await pause(ms / 2);
      if (ms % 3 === 0) services.invalidator.signal('SIGKILL');
      await pause(ms / 2);
      await configure('ALTER SYSTEM RESET synchronous_standby_names');
    },
  };
}

/** A command of the admin API; one that does not arrive was no fault, so nothing is lost. */
async function command(url: string, name: string, body: unknown): Promise<void> {
  await fetch(`${url}/admin/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5000),
  }).catch(() => undefined);
}
