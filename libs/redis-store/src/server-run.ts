import { type Cluster, type Redis } from 'ioredis';
import { checkRedis } from './check-redis.js';

/** Which runs of which servers a store is on, as one text. */
export interface Runs {
  /** @throws UnfitRedis */
  ask(): Promise<string>;
}

/** Whether a store that was opened on some runs is open on this one, or on all of these. */
export function isOpenOn(opened: string | undefined, runs: string): boolean {
  const good = opened?.split(',') ?? [];
  return runs.split(',').every((run) => good.includes(run));
}

/**
 * Which run of which server a connection leads to. It changes when the server starts again and when another takes its place, the two
 * moments at which acknowledged writes may be gone, and at which its settings may be others. Asked once for each connection.
 */
export class ServerRun implements Runs {
  private known: string | undefined;

  constructor(private readonly redis: Redis | Cluster) {
    redis.on('close', () => (this.known = undefined));
  }

  /** What is sent at once after this resolved goes to that run, or fails. @throws UnfitRedis */
  async ask(): Promise<string> {
    if (this.known !== undefined) return this.known;
    await checkRedis(this.redis);
    const info = await this.redis.info('server');
    this.known = /^run_id:(\w+)/m.exec(info)?.[1] ?? 'unknown';
    return this.known;
  }

  /** Without a pause where it is known already. */
  get id(): string | undefined {
    return this.known;
  }
}
