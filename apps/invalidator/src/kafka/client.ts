import { readFileSync } from 'node:fs';
import { type Logger } from '@freshet/service-kit';
import { type Consumer, Kafka, type KafkaConfig as ClientConfig, logLevel, Partitioners, type Producer } from 'kafkajs';
import { type KafkaConfig } from '../environment.js';
import { type ActiveSince, oneActive } from './one-active.js';

const CONNECT_TIMEOUT_MS = 3000;
const REQUEST_TIMEOUT_MS = 10_000;
/** The client's own retries are kept short: whoever uses it waits, says so in `/ready`, and starts over. */
const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 1000 };
const MEBIBYTE = 1024 * 1024;

export function createKafka(config: KafkaConfig, logger: Logger): Kafka {
  return new Kafka({
    clientId: 'freshet-invalidator',
    brokers: config.brokers.map(({ host, port }) => `${host}:${port}`),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: RETRY,
    logLevel: logLevel.WARN,
    logCreator: () => quietly(logger),
    ...security(config),
  });
}

/** Crashes are reported by their owner; what the client says on the way there is for those who look closer. */
function quietly(logger: Logger): ReturnType<NonNullable<ClientConfig['logCreator']>> {
  return ({ namespace, log: { message, error } }) =>
    logger.debug({ kafka: namespace, error: error as unknown }, message);
}

function security({ tls, sasl }: KafkaConfig): Partial<ClientConfig> {
  return {
    ...(tls === undefined ? {} : { ssl: tls.caFile === undefined ? true : { ca: readFileSync(tls.caFile, 'utf8') } }),
    ...(sasl === undefined ? {} : { sasl: sasl as NonNullable<ClientConfig['sasl']> }),
  };
}

export function createConsumer(
  kafka: Kafka,
  { groupId, sessionTimeoutMs }: KafkaConfig,
  activeSince: ActiveSince,
): Consumer {
  return kafka.consumer({
    groupId,
    partitionAssigners: [oneActive(activeSince)],
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.floor(sessionTimeoutMs / 5),
    rebalanceTimeout: Math.max(10_000, sessionTimeoutMs),
    // A topic that is missing shows as such; made by us it would have the wrong settings.
    allowAutoTopicCreation: false,
    maxBytesPerPartition: 2 * MEBIBYTE,
    maxBytes: 8 * MEBIBYTE,
    minBytes: 1,
    maxWaitTimeInMs: 250,
    // Nobody but `LogConsumer` starts a consumer again.
    retry: { ...RETRY, restartOnFailure: async () => false },
  });
}

export function createProducer(kafka: Kafka): Producer {
  return kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: RETRY,
  });
}
