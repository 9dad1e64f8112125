import { controlKeys } from '@freshet/cache-keys';
import { type Redis } from 'ioredis';
import { nowMs } from './process-figures.js';

/** Hears of deletes and progress on the channel that near caches listen to, and looks for itself before it believes them. */
export class KeyWatch {
  /** Offsets of the log and when they were first known to be applied, in order. */
  readonly progress: { readonly offset: number; readonly atMs: number }[] = [];
  private readonly awaited = new Map<string, (atMs: number) => void>();

  private constructor(
    private readonly subscriber: Redis,
    private readonly redis: Redis,
    private readonly stream: string,
  ) {}

  static async start(redis: Redis, topic: string): Promise<KeyWatch> {
    const subscriber = redis.duplicate();
    const watch = new KeyWatch(subscriber, redis.duplicate(), `${topic}/0`);
    subscriber.on('smessage', (_channel, message: string) => void watch.hear(message));
    await subscriber.ssubscribe(controlKeys.news);
    return watch;
  }

  /** Answers that are on their way still count. */
  async stop(): Promise<void> {
    await this.subscriber.quit();
    await this.redis.quit();
  }

  /** Resolves to the moment at which the key was told to be deleted and was not there. */
  gone(key: string): Promise<number> {
    return new Promise((resolve) => this.awaited.set(key, resolve));
  }

  private async hear(message: string): Promise<void> {
    // What it is about, and the database of the server that it is in.
    const [, keys] = /^delete (.*) \d+$/s.exec(message) ?? [];
    if (keys !== undefined) await this.deleted(JSON.parse(keys) as string[]);
    if (message.startsWith('watermark ')) {
      const offset = Number(await this.redis.hget(controlKeys.control, `offset:${this.stream}`));
      this.progress.push({ offset, atMs: nowMs() });
    }
  }

  private async deleted(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const told = this.awaited.get(key);
      if (told === undefined || (await this.redis.exists(key)) !== 0) continue;
      this.awaited.delete(key);
      told(nowMs());
    }
  }
}
