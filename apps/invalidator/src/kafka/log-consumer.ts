import { type Stream } from '@freshet/cache-engine';
import { type Consumer, type EachBatchHandler, type TopicPartitionOffset } from 'kafkajs';
import { type ActiveSince } from './one-active.js';

/** `standby`: in the group, and another has the partitions. */
export type ConsumerState =
  | { readonly kind: 'starting' | 'running' | 'standby' | 'paused' | 'stopped' }
  | { readonly kind: 'waiting'; readonly reason: string };

export interface LogConsumerOptions {
  /** A fresh client for each attempt: a consumer that crashed is not used again. */
  readonly createConsumer: (activeSince: ActiveSince) => Consumer;
  readonly topics: readonly string[];
  readonly eachBatch: EachBatchHandler;
  /** The group has dealt the partitions out anew: these are ours. */
  readonly onAssigned: (streams: readonly Stream[]) => void;
  /** Something moved: a fetch came back, empty or not. */
  readonly onSignOfLife: () => void;
  readonly onState: (state: ConsumerState) => void;
  /** Asked with the error of a crash; true ends the loop, and the process with it. */
  readonly isFatal: (error: unknown) => boolean;
  readonly pauseMs: (attempt: number) => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly nowMs: () => number;
}

/** One owner for the life of the consumer: connects, and after every crash connects again with a new client, until stopped. */
export class LogConsumer {
  private consumer: Consumer | undefined;
  private stopping = false;
  private paused = false;
  private current: ConsumerState = { kind: 'starting' };
  private activeSince: number | undefined;

  constructor(private readonly options: LogConsumerOptions) {}

  get state(): ConsumerState {
    return this.current;
  }

  get halted(): boolean {
    return this.stopping || this.paused;
  }

  /** Runs until `stop`. Rejects with an error that waiting cannot mend. */
  async run(): Promise<void> {
    for (let attempt = 1; !this.stopping; attempt += 1) {
      const error = await this.consume(() => (attempt = 1));
      if (this.stopping) return;
      if (this.options.isFatal(error)) throw error;
      this.become({ kind: 'waiting', reason: error instanceof Error ? error.message : String(error) });
      // A broker that refuses is known to be away, and waited for. One that does not answer at all may as well be a fault of ours.
      if (!isSilence(error)) this.options.onSignOfLife();
      await this.options.pause(this.options.pauseMs(attempt));
    }
  }

  /** Finishes the slice in hand, leaves the group. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.consumer?.disconnect();
    this.become({ kind: 'stopped' });
  }

  /** The turn in hand ends after its slice. Stands until `resumeFetching`, over reconnections too. */
  pauseFetching(): void {
    this.paused = true;
    if (this.current.kind !== 'running') return;
    this.consumer?.pause(this.options.topics.map((topic) => ({ topic })));
    this.become({ kind: 'paused' });
  }

  resumeFetching(): void {
    this.paused = false;
    if (this.current.kind !== 'paused') return;
    this.consumer?.resume(this.options.topics.map((topic) => ({ topic })));
    this.become({ kind: 'running' });
  }

  /** Takes effect with the next fetch. Does nothing while no partition is assigned: then the stored position decides. */
  seek(position: TopicPartitionOffset): void {
    if (this.current.kind === 'running' || this.current.kind === 'paused') this.consumer?.seek(position);
  }

  /** One life of one client. Resolves to what ended it. */
  private async consume(onJoined: () => void): Promise<unknown> {
    const consumer = this.options.createConsumer(() => this.activeSince);
    this.consumer = consumer;
    const crashed = new Promise<unknown>((resolve) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload.error));
      // A crash stops the consumer first and tells its error afterwards.
      consumer.on(consumer.events.STOP, () => this.stopping && resolve(undefined));
    });
    consumer.on(consumer.events.FETCH, this.options.onSignOfLife);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      onJoined();
      this.join(streamsOf(payload.memberAssignment));
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 1,
        eachBatch: this.options.eachBatch,
      });
      return await crashed;
    } catch (error) {
      return error;
    } finally {
      this.options.onAssigned([]);
      await consumer.disconnect().catch(() => undefined);
    }
  }

  private join(streams: readonly Stream[]): void {
    this.options.onAssigned(streams);
    this.activeSince = streams.length === 0 ? undefined : (this.activeSince ?? this.options.nowMs());
    this.become({ kind: streams.length === 0 ? 'standby' : 'running' });
    if (this.paused) this.pauseFetching();
  }

  private become(state: ConsumerState): void {
    this.current = state;
    this.options.onState(state);
  }
}

/** In one order, whatever order the group named them in. */
function streamsOf(assignment: Readonly<Record<string, readonly number[]>>): Stream[] {
  return Object.entries(assignment)
    .flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })))
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
}

/** Where the first request of a connection gets no answer, the client takes it for made, and finds later that it is not. */
function isSilence(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /Timeout|timeout|Broker not connected/.test(`${error.name} ${error.message}`) || isSilence(error.cause);
}
