import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Random } from '../demo-data/random.js';
import { quietKafka } from '../stack/kafka.js';
import { command } from './command.js';
import type { Deployment } from './deployment.js';
import type { Fault } from './fault.js';

/** What befalls the log, and the order in which commits enter it and become visible. */
export function logFaults(deployment: Deployment, random: Random): Fault[] {
  return [replay(deployment, random), cutOff(deployment), lateVisibility(deployment)];
}

function replay({ stack, services }: Deployment, random: Random): Fault {
  const end = async (): Promise<number> => {
    const admin = quietKafka(stack.kafkaBroker).admin();
    await admin.connect();
    const [partition] = await admin.fetchTopicOffsets(stack.topic).finally(() => admin.disconnect());
    return Number(partition?.high ?? 0);
  };
  return {
    name: 'replay the log',
    target: 'log',
    weight: 1.5,
    run: async () => {
      const from = Math.max(0, (await end().catch(() => 0)) - random.between(10, 500));
      await command(services.invalidator.url, 'replay', { from });
    },
  };
}

function cutOff({ stack, services }: Deployment): Fault {
  return {
    name: 'the log is cut off while the invalidator is away',
    target: 'invalidator',
    weight: 1,
    run: async (ms) => {
      services.invalidator.signal('SIGSTOP');
      await pause(ms / 2);
      const admin = quietKafka(stack.kafkaBroker).admin();
      await admin.connect();
      const partitions = [{ partition: 0, offset: '-1' }];
      await admin.deleteTopicRecords({ topic: stack.topic, partitions }).catch(() => undefined);
      await admin.disconnect();
      services.invalidator.signal('SIGKILL');
    },
  };
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
