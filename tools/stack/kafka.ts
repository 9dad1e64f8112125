import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import type { JavaParts } from './java-parts.js';
import { jvmCommand, writeSettings } from './jvm.js';
import type { Part } from './part.js';

const ANSWER_MS = 1000;

export interface KafkaOptions {
  readonly dir: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly java: string;
  readonly parts: JavaParts;
}

/** One node that is broker and controller at once. Topics are made on purpose only, so that a missing one shows. */
export function kafkaPart({ dir, port, controllerPort, java, parts }: KafkaOptions): Part {
  const home = join(dir, 'kafka');
  const file = join(home, 'server.properties');
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(home, 'data'),
    'num.partitions': 1,
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'log.segment.bytes': 134_217_728,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
  } as const;
  const broker = jvmCommand({ home, java, parts, mainClass: 'kafka.Kafka', args: [file] });
  return {
    name: 'kafka',
    port,
    home,
    stopSignal: 'SIGTERM',
    command: broker,
    prepare: async () => {
      await writeSettings(home, 'server.properties', mapToText(settings));
      if (existsSync(join(home, 'data/meta.properties'))) return;
      // The first character must not be a dash: it would be taken for an option.
      const clusterId = `f${randomBytes(16).toString('base64url').slice(1)}`;
      const args = ['format', '-t', clusterId, '-c', file];
      const format = jvmCommand({ home, java, parts, mainClass: 'kafka.tools.StorageTool', args, lasting: false });
      await promisify(execFile)(format.file, format.args);
    },
    ready: () => brokerAnswers(`127.0.0.1:${port}`),
  };
}

function mapToText(settings: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
}

/** A client that says nothing by itself and does not try again: the caller does. */
export function quietKafka(broker: string): Kafka {
  return new Kafka({
    clientId: 'freshet-stack',
    brokers: [broker],
    logLevel: logLevel.NOTHING,
    connectionTimeout: ANSWER_MS,
    requestTimeout: 2 * ANSWER_MS,
    retry: { retries: 0 },
  });
}

async function brokerAnswers(broker: string): Promise<boolean> {
  const admin = quietKafka(broker).admin();
  await admin.connect();
  try {
    return (await admin.describeCluster()).brokers.length > 0;
  } finally {
    await admin.disconnect();
  }
}
