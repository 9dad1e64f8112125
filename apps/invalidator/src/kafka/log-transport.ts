import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { type RecordSlice, type Turn } from '../log-record.js';
import { type SliceOutcome } from './batch-runner.js';
import { type LogFeed } from './log-feed.js';

/** The pattern of the one handler that takes slices, whatever the topics are called. */
export const CHANGES = 'changes';

export type HandleSlice = (slice: RecordSlice, turn: Turn) => Promise<SliceOutcome>;

/** Nest's door for slices of the log: `@EventPattern(CHANGES)` gets a `RecordSlice` as payload and its `Turn` as context. */
export class LogTransport extends Server implements CustomTransportStrategy {
  /** Idle until `listen`. */
  readonly feed: LogFeed;
  private ended: Promise<void> = Promise.resolve();

  constructor(
    makeFeed: (handle: HandleSlice) => LogFeed,
    private readonly onFatal: (error: unknown) => void,
  ) {
    super();
    this.feed = makeFeed((slice, turn) => this.handle(slice, turn));
  }

  /** Calls back at once: a broker that is away is waited for, while health and metrics answer. */
  listen(callback: () => void): void {
    this.ended = this.feed.run().catch(this.onFatal);
    callback();
  }

  async close(): Promise<void> {
    await this.feed.stop();
    await this.ended;
  }

  override on(): never {
    throw new Error('this transport has no events of its own');
  }

  override unwrap<T>(): T {
    return this.feed as T;
  }

  private async handle(slice: RecordSlice, turn: Turn): Promise<SliceOutcome> {
    const handler = this.getHandlerByPattern(CHANGES);
    if (handler === null) throw new Error('nobody handles changes');
    const result: unknown = await handler(slice, turn);
    return (isObservable(result) ? await lastValueFrom(result) : result) as SliceOutcome;
  }
}
