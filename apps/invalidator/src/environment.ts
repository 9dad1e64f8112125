import {
  addresses,
  adminSection,
  flag,
  milliseconds,
  oneOf,
  redisSection,
  serviceSection,
  text,
  tracingSection,
  type Address,
  type Environment,
  type Mode,
} from '@freshet/service-kit';
import { z } from 'zod';

const DEFAULT_PORT = 3001;
const DEVELOPMENT_BROKERS: Address[] = [{ host: '127.0.0.1', port: 15_434 }];

export interface KafkaConfig {
  readonly brokers: readonly Address[];
  readonly topics: readonly string[];
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  /** With several partitions: a record is in its own at most so long after a later one is in another. */
  readonly partitionGraceMs: number;
  readonly tls: { readonly caFile: string | undefined } | undefined;
  readonly sasl: { readonly mechanism: string; readonly username: string; readonly password: string } | undefined;
}

const variables = (mode: Mode) =>
  z.object({
    KAFKA_BROKERS: mode === 'production' ? addresses(9092) : addresses(9092).default(DEVELOPMENT_BROKERS),
    KAFKA_TOPIC: text('one topic, or several separated by commas').default('freshet.changes'),
    KAFKA_GROUP_ID: text('the name of the consumer group').default('freshet-invalidator'),
    KAFKA_SESSION_TIMEOUT: milliseconds().default(3000),
    KAFKA_PARTITION_GRACE: milliseconds().default(5000),
    KAFKA_TLS: flag().default(false),
    KAFKA_TLS_CA_FILE: z.string().optional(),
    KAFKA_SASL_MECHANISM: oneOf('plain', 'scram-sha-256', 'scram-sha-512').optional(),
    KAFKA_SASL_USERNAME: z.string().optional(),
    KAFKA_SASL_PASSWORD: z.string().optional(),
  });

const kafkaSection = (mode: Mode): z.ZodType<KafkaConfig> =>
  variables(mode).transform((v, context): KafkaConfig => {
    const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = v;
    const complete = mechanism !== undefined && username !== undefined && password !== undefined;
    if (mechanism !== undefined && !complete) {
      const path = [username === undefined ? 'KAFKA_SASL_USERNAME' : 'KAFKA_SASL_PASSWORD'];
      context.addIssue({ code: 'custom', path, message: 'is required with KAFKA_SASL_MECHANISM' });
    }
    return {
      brokers: v.KAFKA_BROKERS,
      topics: v.KAFKA_TOPIC.split(',').map((topic) => topic.trim()),
      groupId: v.KAFKA_GROUP_ID,
      sessionTimeoutMs: v.KAFKA_SESSION_TIMEOUT,
      partitionGraceMs: v.KAFKA_PARTITION_GRACE,
      tls: v.KAFKA_TLS ? { caFile: v.KAFKA_TLS_CA_FILE } : undefined,
      sasl: complete ? { mechanism, username, password } : undefined,
    };
  });

/** When a process that shows no sign of life gives up on itself. */
const watchSection = (_mode: Mode) =>
  z
    .object({ STALL_TIMEOUT: milliseconds().default(30_000) })
    .transform(({ STALL_TIMEOUT }) => ({ stallMs: STALL_TIMEOUT }));

export const sections = {
  service: serviceSection(DEFAULT_PORT),
  admin: adminSection,
  redis: redisSection,
  kafka: kafkaSection,
  watch: watchSection,
  tracing: tracingSection,
};

export type InvalidatorEnvironment = Environment<typeof sections>;
