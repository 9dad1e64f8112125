import { type TableName, tagPattern } from '@freshet/cache-keys';
import { KEYS_A_COMMAND } from './chunks.js';
import { globEscape } from './glob.js';
import { asUnavailable, numberOf } from './replies.js';
import { type Redis } from 'ioredis';
import { carryOut, queue } from './scripts.js';

const KEYS_A_STEP = 1000;
/** Of a pipeline all that has arrived is carried out at once, and after an hour without changes many sets may be full of the dead. */
const SETS_A_PIPELINE = 16;

export interface Reaped {
  /** Whether this step came to the end of all keys. */
  readonly round: boolean;
  readonly dropped: number;
}

/**
 * Lets go of listings whose time is over. Tag sets carry no TTL, and one that no reader and no change touches any more would stay for
 * ever. Goes through all keys in small steps, round after round; several at once do no harm.
 */
export class IndexReaper {
  private cursor = '0';
  private readonly prefix: string;

  /** @param nowS by the server's clock, which listings are dated by; one that is behind only leaves more */
  constructor(
    private readonly redis: Redis,
    private readonly nowS: () => Promise<number> = async () => Number((await redis.time())[0]),
  ) {
    this.prefix = redis.options.keyPrefix ?? '';
  }

  /** @throws StoreUnavailable; the next step goes on from there */
  async step(): Promise<Reaped> {
    try {
      const nowS = await this.nowS();
      const pattern = globEscape(this.prefix) + tagPattern('*' as TableName);
      const [next, keys] = await this.redis.scan(this.cursor, 'MATCH', pattern, 'COUNT', KEYS_A_STEP);
      let dropped = 0;
      for (let i = 0; i < keys.length; i += SETS_A_PIPELINE)
        dropped += await this.trim(keys.slice(i, i + SETS_A_PIPELINE), nowS);
      this.cursor = next;
      return { round: next === '0', dropped };
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  /** Sets that had more to drop than one command may are looked at again at once. */
  private async trim(keys: readonly string[], nowS: number): Promise<number> {
    let dropped = 0;
    for (let sets = keys; sets.length > 0;) {
      const pipeline = this.redis.pipeline();
      for (const key of sets) queue(pipeline, 'trimListings', key.slice(this.prefix.length), nowS, KEYS_A_COMMAND);
      const counts = (await carryOut(this.redis, pipeline)).map((reply) => numberOf(reply) ?? 0);
      dropped += counts.reduce((sum, count) => sum + count, 0);
      sets = sets.filter((_, i) => counts[i] === KEYS_A_COMMAND);
    }
    return dropped;
  }
}
