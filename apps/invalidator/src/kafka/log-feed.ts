import { setTimeout as pause } from 'node:timers/promises';
import { type Consumer, type TopicPartitionOffset } from 'kafkajs';
import { isKafkaError, isTransient } from '../errors.js';
import { BatchRunner, type BatchRunnerOptions } from './batch-runner.js';
import { type ConsumerState, LogConsumer } from './log-consumer.js';
import { type HandleSlice } from './log-transport.js';

export interface LogFeedOptions extends Pick<BatchRunnerOptions, 'positionOf'> {
  readonly createConsumer: () => Consumer;
  readonly topics: readonly string[];
  readonly handle: HandleSlice;
  readonly onSignOfLife: () => void;
  readonly onState: (state: ConsumerState) => void;
}

const SLICE = { records: 1000, bytes: 2 * 1024 * 1024 };
const COMMIT_EVERY_MS = 1000;
const LONGEST_RECONNECT_MS = 3000;
/** Trying again with the same name and password does not help, and locks accounts. */
const HOPELESS = /SASLAuthentication|SASL_AUTHENTICATION|UNSUPPORTED_SASL|AUTHORIZATION_FAILED/;

/** The log as a stream of slices, and the hand on it: batches from the consumer, slices to the handler. */
export class LogFeed {
  private readonly runner: BatchRunner;
  private readonly consumer: LogConsumer;

  constructor(options: LogFeedOptions) {
    this.runner = new BatchRunner({
      bounds: SLICE,
      commitEveryMs: COMMIT_EVERY_MS,
      handle: options.handle,
      positionOf: options.positionOf,
      seek: (place) => this.consumer.seek(place),
      halted: () => this.consumer.halted,
      nowMs: () => performance.now(),
    });
    this.consumer = new LogConsumer({
      createConsumer: options.createConsumer,
      topics: options.topics,
      eachBatch: (payload) => this.runner.run(payload),
      onAssigned: () => this.runner.forget(),
      onSignOfLife: options.onSignOfLife,
      onState: options.onState,
      isFatal,
      pauseMs: (attempt) => Math.min(250 * 2 ** (attempt - 1), LONGEST_RECONNECT_MS),
      pause,
    });
  }

  get state(): ConsumerState {
    return this.consumer.state;
  }

  /** Runs until `stop`. Rejects with an error that waiting cannot mend. */
  run(): Promise<void> {
    return this.consumer.run();
  }

  stop(): Promise<void> {
    return this.consumer.stop();
  }

  resume(): void {
    this.consumer.resumeFetching();
  }

  /** Resolves when the slice in hand is done. */
  async pause(): Promise<void> {
    this.consumer.pauseFetching();
    await this.runner.idle();
  }

  seek(place: TopicPartitionOffset): void {
    this.runner.moveTo(place);
    this.consumer.seek(place);
  }
}

/** A broker that is away comes back; a wrong password, or a record that nobody can get past, does not mend itself. */
function isFatal(error: unknown): boolean {
  const cause = rootOf(error);
  if (!isKafkaError(cause)) return !isTransient(cause) && !isNetworkError(cause);
  const { name, type } = cause as Error & { type?: string };
  return HOPELESS.test(`${name} ${type ?? ''}`);
}

function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined && isKafkaError(error) ? rootOf(error.cause) : error;
}

function isNetworkError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
