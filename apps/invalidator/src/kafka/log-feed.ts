import { setTimeout as pause } from 'node:timers/promises';
import { type Stream } from '@freshet/cache-engine';
import { type Consumer, type TopicPartitionOffset } from 'kafkajs';
import { isKafkaError, isTransient } from '../errors.js';
import { type Turn } from '../log-record.js';
import { BatchRunner, type BatchRunnerOptions } from './batch-runner.js';
import { type ConsumerState, LogConsumer } from './log-consumer.js';
import { type HandleSlice } from './log-transport.js';
import { type ActiveSince } from './one-active.js';

/** Of several processes in one group one is active; the others wait to take over. */
export type Role = 'active' | 'standby';

export interface LogFeedOptions extends Pick<BatchRunnerOptions, 'positionOf'> {
  readonly createConsumer: (activeSince: ActiveSince) => Consumer;
  /** Tells the store that we have these, and that they are all. Waits for it as long as the turn lasts. */
  readonly take: (streams: readonly Stream[], turn: Turn) => Promise<void>;
  readonly topics: readonly string[];
  readonly handle: HandleSlice;
  readonly onSignOfLife: () => void;
  readonly onState: (state: ConsumerState) => void;
  readonly onAssigned: (streams: readonly Stream[]) => void;
}

const SLICE = { records: 1000, bytes: 2 * 1024 * 1024 };
const COMMIT_EVERY_MS = 1000;
const LONGEST_RECONNECT_MS = 3000;
/** Trying again with the same name and password does not help, and locks accounts; nor does a time that the broker does not allow. */
const HOPELESS = /SASLAuthentication|SASL_AUTHENTICATION|UNSUPPORTED_SASL|AUTHORIZATION_FAILED|INVALID_SESSION_TIMEOUT/;

/** The log as a stream of slices, and the hand on it: batches from the consumer, slices to the handler. */
export class LogFeed {
  private readonly runner: BatchRunner;
  private readonly consumer: LogConsumer;
  private assigned: readonly Stream[] = [];

  constructor(options: LogFeedOptions) {
    this.runner = new BatchRunner({
      bounds: SLICE,
      commitEveryMs: COMMIT_EVERY_MS,
      handle: options.handle,
      take: (turn) => options.take(this.assigned, turn),
      positionOf: options.positionOf,
      seek: (place) => this.consumer.seek(place),
      halted: () => this.consumer.halted,
      nowMs: () => performance.now(),
    });
    this.consumer = new LogConsumer({
      createConsumer: options.createConsumer,
      topics: options.topics,
      eachBatch: (payload) => this.runner.run(payload),
      onAssigned: (streams) => {
        this.assigned = streams;
        this.runner.forget();
        options.onAssigned(streams);
      },
      onSignOfLife: options.onSignOfLife,
      onState: options.onState,
      isFatal,
      pauseMs: (attempt) => Math.min(250 * 2 ** (attempt - 1), LONGEST_RECONNECT_MS),
      pause,
      nowMs: Date.now,
    });
  }

  get state(): ConsumerState {
    return this.consumer.state;
  }

  /** Those that the group gave to this process; none on a standby. */
  get streams(): readonly Stream[] {
    return this.assigned;
  }

  get role(): Role {
    return this.assigned.length > 0 ? 'active' : 'standby';
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
