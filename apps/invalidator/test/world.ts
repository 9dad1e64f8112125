import { once } from 'node:events';
import { controlKeys } from '@freshet/cache-keys';
import { parseEnvironment } from '@freshet/service-kit';
import { type Redis } from 'ioredis';
import { type Producer } from 'kafkajs';
import { type InvalidatorEnvironment, sections } from '../src/environment.js';
import { type InvalidationEvent } from '../src/invalidation.js';
import { lastOffset } from '../src/log-record.js';
import { type Service, start, type Variations } from '../src/start.js';
import { Broker } from './broker.js';
import { RedisServer } from './redis-server.js';

export const ADMIN = 'test-admin-token';
const DB = 1;
/** What has not come by then never will: so a fault is told before the test's own time is over, and the servers are let go. */
const NEVER_MS = 60_000;

/** Real servers, and invalidators in this process. Everything it starts, it ends. */
export class World {
  private constructor(
    readonly broker: Broker,
    readonly redisServer: RedisServer,
    readonly redis: Redis,
    private readonly producer: Producer,
  ) {}

  private topics = 0;
  private readonly running = new Set<RunningInvalidator>();

  static async begin(): Promise<World> {
    const [broker, redisServer] = await Promise.all([Broker.start(), RedisServer.start()]);
    const producer = broker.kafka.producer({
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? 0,
    });
    await producer.connect();
    return new World(broker, redisServer, redisServer.connect(DB), producer);
  }

  async end(): Promise<void> {
    await this.endInvalidators();
    await this.producer.disconnect();
    this.redis.disconnect();
    await Promise.all([this.broker.end(), this.redisServer.down()]);
  }

  async endInvalidators(): Promise<void> {
    await Promise.all([...this.running].map((invalidator) => invalidator.stop()));
  }

  /** A topic that no other test knows. */
  async freshTopic(partitions = 1): Promise<string> {
    this.topics += 1;
    const topic = `changes-${this.topics}`;
    await this.createTopic(topic, partitions);
    return topic;
  }

  async createTopic(topic: string, numPartitions = 1): Promise<void> {
    await this.broker.admin((admin) =>
      admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: true }),
    );
  }

  /** The broker deletes in its own time, and knows the new topic's leader in its own time. */
  async recreateTopic(topic: string): Promise<void> {
    await this.broker.admin(async (admin) => {
      await admin.deleteTopics({ topics: [topic] });
      await until(async () => !(await admin.listTopics()).includes(topic));
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false });
      await until(() =>
        admin.fetchTopicOffsets(topic).then(
          (ends) => ends.length === 1,
          () => false,
        ),
      );
    });
  }

  async produce(topic: string, values: readonly (string | null)[], partition = 0): Promise<void> {
    await this.producer.send({ topic, messages: values.map((value) => ({ value, partition })) });
  }

  /** For a process that works on that topic. */
  variables(topic: string): Record<string, string> {
    return {
      KAFKA_BROKERS: this.broker.address,
      KAFKA_TOPIC: topic,
      KAFKA_GROUP_ID: `group-${topic}`,
      KAFKA_SESSION_TIMEOUT: '1500ms',
      REDIS_PORT: String(this.redisServer.port),
      REDIS_HOST: '127.0.0.1',
      REDIS_DB: String(DB),
      REDIS_TIMEOUT_MS: '500',
      ADMIN_TOKEN: ADMIN,
    };
  }

  environment(topic: string, more: Readonly<Record<string, string>> = {}): InvalidatorEnvironment {
    const result = parseEnvironment(sections, { ...this.variables(topic), LOG_LEVEL: 'silent', ...more });
    if (!result.ok) throw new Error(result.lines.join('\n'));
    // Port 0: whatever is free.
    return { ...result.environment, service: { ...result.environment.service, port: 0 } };
  }

  /** The offset up to which the store says that everything is applied. */
  async position(topic: string): Promise<number | undefined> {
    const text = await this.redis.hget(controlKeys.control, `offset:${topic}/0`);
    return text === null ? undefined : Number(text);
  }

  /** What the group has committed, as Kafka knows it. */
  async committed(topic: string): Promise<string | undefined> {
    const [found] = await this.broker.admin((admin) =>
      admin.fetchOffsets({ groupId: `group-${topic}`, topics: [topic] }),
    );
    return found?.partitions[0]?.offset;
  }

  /** Resolves when everything up to the offset is applied, told by the store's own news. */
  async reached(topic: string, offset: number): Promise<void> {
    const news = this.redis.duplicate();
    try {
      await news.ssubscribe(controlKeys.news);
      for (;;) {
        // Listening before asking: what is told in between must not be missed.
        const told = once(news, 'smessage');
        if (((await this.position(topic)) ?? -1) >= offset) return;
        await told;
      }
    } finally {
      news.disconnect();
    }
  }

  async startInvalidator(
    topic: string,
    variations: Variations = {},
    more: Readonly<Record<string, string>> = {},
  ): Promise<RunningInvalidator> {
    const invalidator = new RunningInvalidator(() => this.running.delete(invalidator));
    await invalidator.begin(this.environment(topic, more), variations);
    this.running.add(invalidator);
    return invalidator;
  }
}

/** One invalidator, and a record of what it says. */
export class RunningInvalidator {
  readonly events: InvalidationEvent[] = [];
  readonly fatal: unknown[] = [];
  private service: Service | undefined;
  private wake: () => void = () => undefined;
  private ended = false;

  constructor(private readonly onStopped: () => void) {}

  async begin(environment: InvalidatorEnvironment, variations: Variations): Promise<void> {
    const listen = (event: InvalidationEvent): void => {
      this.events.push(event);
      this.wake();
    };
    this.service = await start(environment, (error) => this.fatal.push(error), { ...variations, listen });
  }

  get appliedOffsets(): number[] {
    return this.events.flatMap((event) =>
      event.kind === 'applied' ? event.slice.records.map((record) => Number(record.offset)) : [],
    );
  }

  /** Resolves with the first event, past or future, that satisfies. */
  async event(satisfies: (event: InvalidationEvent) => boolean): Promise<InvalidationEvent> {
    for (;;) {
      const found = this.events.find(satisfies);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  applied(offset: number): Promise<InvalidationEvent> {
    return this.event((event) => event.kind === 'applied' && lastOffset(event.slice) >= BigInt(offset));
  }

  async get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${this.service?.url}${path}`, { headers: { authorization: `Bearer ${ADMIN}` } });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  async post(path: string, body: object): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`${this.service?.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  async stop(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    for (const step of this.service?.shutdownSteps ?? []) await step();
    this.onStopped();
  }
}

/** Asks until the answer is yes; each question takes a round trip. @throws when it never comes */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + NEVER_MS;
  while (!(await holds())) if (performance.now() > end) throw new Error(`never so: ${String(holds)}`);
}
