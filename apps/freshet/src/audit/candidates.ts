import { controlKeys, viewOfKey } from '@freshet/cache-keys';
import { newsOf, newsServerOf, parseNews, scanPages, type StoreConnection } from '@freshet/redis-store';

const MOST_REMEMBERED = 10_000;

/** Keys worth an audit: entries that changes have just deleted, since those are made anew, and entries from all over the store. */
export class Candidates {
  private readonly deleted: string[] = [];
  private readonly stored: string[] = [];
  private readonly database: string;
  private turn = 0;

  private constructor(
    private readonly redis: StoreConnection,
    private readonly listener: { disconnect(): void },
  ) {
    this.database = newsOf(redis).database;
  }

  static async of(redis: StoreConnection): Promise<Candidates> {
    const listener = newsServerOf(redis).duplicate({ lazyConnect: false });
    const candidates = new Candidates(redis, listener);
    listener.on('error', () => undefined);
    listener.on('smessage', (_channel, message: string) => candidates.hear(message));
    await new Promise((resolve) => listener.once('ready', resolve));
    await listener.ssubscribe(controlKeys.news);
    return candidates;
  }

  /** To be called in the end: a store that is away at that moment would not say so, and the listener would wait for it for ever. */
  close(): void {
    this.listener.disconnect();
  }

  /** Undefined when nothing is stored. */
  async next(): Promise<string | undefined> {
    this.turn += 1;
    const changed = this.turn % 2 === 0 ? await this.madeAnew() : undefined;
    if (changed !== undefined) return changed;
    if (this.stored.length === 0) await this.look();
    return this.stored.pop();
  }

  /** The oldest deleted one that somebody has asked for since: the audit makes none itself, which would cost a read. */
  private async madeAnew(): Promise<string | undefined> {
    for (let key = this.deleted.shift(); key !== undefined; key = this.deleted.shift()) {
      if ((await this.redis.exists(key)) === 1) return key;
    }
    return undefined;
  }

  private hear(message: string): void {
    const news = parseNews(message, this.database);
    if (news?.kind === 'delete' && this.deleted.length < MOST_REMEMBERED) this.deleted.push(...news.keys);
  }

  private async look(): Promise<void> {
    for await (const keys of scanPages(this.redis, 'e:*')) {
      this.stored.push(...keys.filter((key) => viewOfKey(key) !== undefined));
      if (this.stored.length >= MOST_REMEMBERED) break;
    }
    for (let i = this.stored.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [this.stored[i], this.stored[j]] = [this.stored[j] ?? '', this.stored[i] ?? ''];
    }
  }
}
