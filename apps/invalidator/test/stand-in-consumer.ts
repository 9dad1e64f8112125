import { EventEmitter } from 'node:events';
import { type Consumer, type ConsumerRunConfig } from 'kafkajs';

/** Stands in for the client's consumer: does what it is told and tells what was done to it. */
export class StandInConsumer extends EventEmitter {
  readonly events = { CRASH: 'crash', STOP: 'stop', FETCH: 'fetch', GROUP_JOIN: 'join' };
  readonly calls: string[] = [];
  config: ConsumerRunConfig | undefined;
  private started: () => void = () => undefined;
  /** Resolves when the consumer runs. */
  readonly running = new Promise<void>((resolve) => (this.started = resolve));

  constructor(private readonly refusal?: Error) {
    super();
  }

  get asConsumer(): Consumer {
    return this as unknown as Consumer;
  }

  async connect(): Promise<void> {
    this.calls.push('connect');
    if (this.refusal !== undefined) throw this.refusal;
  }

  async subscribe(): Promise<void> {
    this.calls.push('subscribe');
  }

  async run(config: ConsumerRunConfig): Promise<void> {
    this.config = config;
    this.join({ changes: [0] });
    this.started();
  }

  /** The group deals the partitions out. */
  join(memberAssignment: Readonly<Record<string, readonly number[]>>): void {
    this.emit('join', { payload: { memberAssignment } });
  }

  async disconnect(): Promise<void> {
    this.calls.push('disconnect');
    this.emit('stop', {});
  }

  crash(error: Error): void {
    this.emit('stop', {});
    this.emit('crash', { payload: { error } });
  }

  pause(): void {
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
  }

  seek({ offset }: { offset: string }): void {
    this.calls.push(`seek ${offset}`);
  }
}
