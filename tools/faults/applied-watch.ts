import { setTimeout as pause } from 'node:timers/promises';
import { controlKeys } from '@freshet/cache-keys';
import { Redis } from 'ioredis';
import type { Written } from './writer.js';

const EVERY_MS = 10;
/** Commit times are taken a moment before the commit enters the log, so two may stand there in the other order. */
const DISORDER_MS = 1000;
const ASK_MS = 1000;

/**
 * Follows what the invalidator says it has applied: transaction by transaction, and where that record is gone by its watermark. A version
 * is marked only after the store said so, hence after it was so.
 */
export class AppliedWatch {
  watermarkMs: number | undefined;
  private readonly waiting = new Map<bigint, readonly Written[]>();
  private readonly redis: Redis;
  private watching = true;
  private readonly done: Promise<void>;

  constructor(address: { host: string; port: number; db: number }) {
    this.redis = new Redis({
      ...address,
      commandTimeout: ASK_MS,
      maxRetriesPerRequest: 0,
      retryStrategy: () => 200,
      enableOfflineQueue: false,
    });
    this.redis.on('error', () => undefined);
    this.done = this.watch();
  }

  /** A transaction that nobody waits for is told all the same: its id may have been that of one that was lost in a crash. */
  expect(xid: bigint, written: readonly Written[]): void {
    if (written.length > 0) this.waiting.set(xid, written);
    else this.waiting.delete(xid);
  }

  async end(): Promise<void> {
    this.watching = false;
    await this.done;
    this.redis.disconnect();
  }

  private async watch(): Promise<void> {
    while (this.watching) {
      await this.look().catch(() => undefined); // a store that is away says nothing
      await pause(EVERY_MS);
    }
  }

  private async look(): Promise<void> {
    this.forgetAborted();
    const xids = [...this.waiting.keys()];
    const narrow = xids.map((xid) => String(xid % 2n ** 32n));
    const [scores, watermark] = await Promise.all([
      narrow.length === 0 ? [] : this.redis.zmscore(controlKeys.applied, ...narrow),
      this.redis.hget(controlKeys.control, 'watermark'),
    ]);
    this.watermarkMs = watermark === null ? undefined : Number(watermark);
    xids.forEach((xid, i) => this.settle(xid, scores[i] != null));
  }

  private settle(xid: bigint, marked: boolean): void {
    const written = this.waiting.get(xid) ?? [];
    const acked = written[0]?.version.ackedMs ?? Infinity;
    if (!marked && acked + DISORDER_MS > (this.watermarkMs ?? 0)) return;
    this.waiting.delete(xid);
    for (const { row, version } of written) row.apply(version, Date.now());
  }

  private forgetAborted(): void {
    for (const [xid, written] of this.waiting) if (written[0]?.version.fate === 'aborted') this.waiting.delete(xid);
  }
}
