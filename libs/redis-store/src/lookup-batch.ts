import { type Found, narrow } from '@freshet/cache-engine';
import { type CacheKey, controlKeys } from '@freshet/cache-keys';
import { CONTROL_FIELDS, ENTRY_FIELDS, parseControl, parseEntry } from './entry-fields.js';
import { textOf } from './replies.js';
import { carryOut, type ScriptedRedis } from './scripts.js';

const { applied, control } = controlKeys;

interface Wanted {
  readonly key: CacheKey;
  readonly token: bigint | undefined;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lookups of one turn of the event loop go to the server together, and share one reading of the control record. It is read before
 * every entry of them: an entry may be newer than the epoch it is judged by, never older.
 */
export class LookupBatch {
  private wanted: Wanted[] = [];

  /** @param run asks which run of which server answers; what is sent at once afterwards goes to that run, or fails. */
  constructor(
    private readonly redis: ScriptedRedis,
    private readonly run: () => string | Promise<string>,
  ) {}

  lookup(key: CacheKey, token: bigint | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      if (this.wanted.length === 0) setImmediate(() => void this.send());
      this.wanted.push({ key, token, resolve, reject });
    });
  }

  private async send(): Promise<void> {
    const together = this.wanted;
    this.wanted = [];
    try {
      const run = this.run();
      await this.ask(together, typeof run === 'string' ? run : await run);
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }

  private async ask(together: readonly Wanted[], run: string): Promise<void> {
    const pipeline = this.redis.pipeline().hmget(control, ...CONTROL_FIELDS);
    for (const { key, token } of together) {
      if (token !== undefined) pipeline.zscore(applied, String(narrow(token)));
      pipeline.hmgetBuffer(key, ...ENTRY_FIELDS);
    }
    const [head, ...replies] = await carryOut(this.redis, pipeline);
    const known = parseControl(head, run);
    let at = 0;
    for (const { token, resolve } of together) {
      const seen = token === undefined || textOf(replies[at++]) !== undefined;
      resolve({ ...parseEntry(replies[at++]), ...known, applied: seen });
    }
  }
}
