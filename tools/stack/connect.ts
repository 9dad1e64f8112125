import { join } from 'node:path';
import type { JavaParts } from './java-parts.js';
import { jvmCommand, writeSettings } from './jvm.js';
import type { Part } from './part.js';

const ANSWER_MS = 1000;

export interface ConnectOptions {
  readonly dir: string;
  readonly port: number;
  readonly broker: string;
  readonly java: string;
  readonly parts: JavaParts;
}

/** Kafka Connect in its distributed form, as in production, with one worker. */
export function connectPart({ dir, port, broker, java, parts }: ConnectOptions): Part {
  const home = join(dir, 'connect');
  const converter = 'org.apache.kafka.connect.json.JsonConverter';
  const settings = {
    'bootstrap.servers': broker,
    'group.id': 'freshet-connect',
    'config.storage.topic': 'connect.configs',
    'offset.storage.topic': 'connect.offsets',
    'status.storage.topic': 'connect.status',
    'config.storage.replication.factor': 1,
    'offset.storage.replication.factor': 1,
    'status.storage.replication.factor': 1,
    'offset.storage.partitions': 1,
    'status.storage.partitions': 1,
    'key.converter': converter,
    'value.converter': converter,
    listeners: `http://127.0.0.1:${port}`,
    'plugin.path': parts.plugins,
    'plugin.discovery': 'service_load',
    'offset.flush.interval.ms': 1000,
    'scheduled.rebalance.max.delay.ms': 0,
  };
  const mainClass = 'org.apache.kafka.connect.cli.ConnectDistributed';
  return {
    name: 'connect',
    port,
    home,
    stopSignal: 'SIGTERM',
    command: jvmCommand({ home, java, parts, mainClass, args: [join(home, 'worker.properties')] }),
    prepare: () => writeSettings(home, 'worker.properties', settings),
    ready: async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/connectors`, { signal: AbortSignal.timeout(ANSWER_MS) });
      return answer.ok;
    },
  };
}
