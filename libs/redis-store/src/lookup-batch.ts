import { type Found, narrow } from '@freshet/cache-engine';
import { type CacheKey, controlKeys } from '@freshet/cache-keys';
import { CONTROL_FIELDS, ENTRY_FIELDS, parseControl, parseEntry } from './entry-fields.js';
import { type Limit } from './limits.js';
import { inOnePacket } from './one-packet.js';
import { textOf } from './replies.js';
import { type ScriptedRedis } from './scripts.js';
import { type ServerRun } from './server-run.js';

const { applied, control } = controlKeys;

export interface Asked {
  readonly key: CacheKey;
  readonly token: bigint | undefined;
}

interface Wanted extends Asked {
  readonly found: Promise<Found>;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lookups of one turn of the event loop go to the server together, each key once, and share one reading of the control record. It is read
 * before every entry of them: an entry may be newer than the epoch it is judged by, never older.
 */
export class LookupBatch {
  private wanted = new Map<string, Wanted>();

  constructor(
    private readonly ask: (together: readonly Asked[]) => Promise<readonly Found[]>,
    private readonly limit: Limit,
  ) {}

  /** What is found is read after this was called; whoever asks the same in the same turn gets the same. */
  lookup(key: CacheKey, token: bigint | undefined): Promise<Found> {
    const name = token === undefined ? key : `${key} ${token}`;
    const same = this.wanted.get(name);
    if (same !== undefined) return same.found;
    if (this.wanted.size === 0) setImmediate(() => void this.send());
    const wanted = wantedOf(key, token);
    this.wanted.set(name, wanted);
    return wanted.found;
  }

  private async send(): Promise<void> {
    const together = [...this.wanted.values()];
    this.wanted = new Map();
    try {
      const found = await this.limit(() => this.ask(together));
      together.forEach(({ resolve }, i) => resolve(found[i] as Found));
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }
}

function wantedOf(key: CacheKey, token: bigint | undefined): Wanted {
  let [resolve, reject]: [Wanted['resolve'], Wanted['reject']] = [() => undefined, () => undefined];
  const found = new Promise<Found>((kept, refused) => ([resolve, reject] = [kept, refused]));
  return { key, token, found, resolve, reject };
}

/** One packet. What is sent at once after its run is known goes to that run, or fails. */
export function askServer(
  redis: ScriptedRedis,
  server: ServerRun,
): (together: readonly Asked[]) => Promise<readonly Found[]> {
  return async (together) => {
    const run = server.id ?? (await server.ask());
    const [head, ...replies] = await inOnePacket(redis, () => {
      const sent: Promise<unknown>[] = [redis.hmget(control, ...CONTROL_FIELDS)];
      for (const { key, token } of together) {
        if (token !== undefined) sent.push(redis.zscore(applied, String(narrow(token))));
        sent.push(redis.hmgetBuffer(key, ...ENTRY_FIELDS));
      }
      return sent;
    });
    const known = parseControl(head, run);
    let at = 0;
    return together.map(({ token }) => {
      const seen = token === undefined || textOf(replies[at++]) !== undefined;
      return { ...parseEntry(replies[at++]), ...known, applied: seen };
    });
  };
}
