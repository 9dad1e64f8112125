import { type Found, narrow } from '@freshet/cache-engine';
import { type CacheKey, controlKeys } from '@freshet/cache-keys';
import { within } from './deadline.js';
import { CONTROL_FIELDS, ENTRY_FIELDS, parseControl, parseEntry } from './entry-fields.js';
import { asUnavailable, textOf } from './replies.js';
import { carryOut, type ScriptedRedis } from './scripts.js';
import { type ServerRun } from './server-run.js';

const { applied, control } = controlKeys;

export interface Asked {
  readonly key: CacheKey;
  readonly token: bigint | undefined;
}

interface Wanted extends Asked {
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lookups of one turn of the event loop go to the server together, and share one reading of the control record. It is read before
 * every entry of them: an entry may be newer than the epoch it is judged by, never older.
 */
export class LookupBatch {
  private wanted: Wanted[] = [];

  /** @param budgetMs the longest that they may take; more counts as servers that are away */
  constructor(
    private readonly ask: (together: readonly Asked[]) => Promise<readonly Found[]>,
    private readonly budgetMs: number | undefined,
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
      const found = await within(this.budgetMs, this.ask(together));
      together.forEach(({ resolve }, i) => resolve(found[i] as Found));
    } catch (error) {
      const unavailable = asUnavailable(error);
      for (const { reject } of together) reject(unavailable);
    }
  }
}

/** One pipeline. What is sent at once after its run is known goes to that run, or fails. */
export function askServer(
  redis: ScriptedRedis,
  server: ServerRun,
): (together: readonly Asked[]) => Promise<readonly Found[]> {
  return async (together) => {
    const run = server.id ?? (await server.ask());
    const pipeline = redis.pipeline().hmget(control, ...CONTROL_FIELDS);
    for (const { key, token } of together) {
      if (token !== undefined) pipeline.zscore(applied, String(narrow(token)));
      pipeline.hmgetBuffer(key, ...ENTRY_FIELDS);
    }
    const [head, ...replies] = await carryOut(redis, pipeline);
    const known = parseControl(head, run);
    let at = 0;
    return together.map(({ token }) => {
      const seen = token === undefined || textOf(replies[at++]) !== undefined;
      return { ...parseEntry(replies[at++]), ...known, applied: seen };
    });
  };
}
