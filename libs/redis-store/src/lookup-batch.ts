import { type Found, narrow } from '@freshet/cache-engine';
import { type CacheKey, controlKeys } from '@freshet/cache-keys';
import { within } from './deadline.js';
import { CONTROL_FIELDS, ENTRY_FIELDS, parseControl, parseEntry } from './entry-fields.js';
import { asUnavailable, textOf } from './replies.js';
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
    private readonly options: { readonly run: () => string | Promise<string>; readonly budgetMs: number | undefined },
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
      await within(this.options.budgetMs, this.ask(together));
    } catch (error) {
      const unavailable = asUnavailable(error);
      for (const { reject } of together) reject(unavailable);
    }
  }

  private async ask(together: readonly Wanted[]): Promise<void> {
    const asked = this.options.run();
    const run = typeof asked === 'string' ? asked : await asked;
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
