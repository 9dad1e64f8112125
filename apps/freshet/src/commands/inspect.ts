import { viewOfKey, type Tag } from '@freshet/cache-keys';
import { readTags } from '@freshet/footprint';
import { type StoreConnection } from '@freshet/redis-store';
import { OperatorError } from '../errors.js';
import { bytesText, durationText, pairs, type Say } from '../output.js';
import { withStore } from '../sites.js';
import { readControl } from '../store/control.js';
import { keysOfView, readEntry, type Shown } from '../store/entries.js';
import { footprintsOf } from '../store/knowledge.js';

export interface InspectOptions {
  /** How many entries of a view are listed. */
  readonly limit: number;
}

/** One entry with everything that decides its fate, or the entries of a view. */
export function inspect(env: NodeJS.ProcessEnv, target: string, { limit }: InspectOptions, say: Say): Promise<void> {
  return withStore(env, (redis) =>
    viewOfKey(target) === undefined ? inspectView(redis, target, limit, say) : inspectKey(redis, target, say),
  );
}

async function inspectView(redis: StoreConnection, view: string, limit: number, say: Say): Promise<void> {
  const { storeMs } = await readControl(redis);
  let count = 0;
  for await (const keys of keysOfView(redis, view)) {
    for (const key of keys) {
      count += 1;
      const entry = count > limit ? undefined : await readEntry(redis, key);
      if (entry !== undefined) say(`${key}  ${summary(entry, storeMs)}`);
    }
  }
  if (count === 0) throw new OperatorError(`no entry of a view "${view}" is stored`);
  if (count > limit) say(`… and ${count - limit} more`);
}

function summary({ kind, bodyBytes, storedAtMs, ttlLeftMs }: Shown, nowMs: number): string {
  if (kind === 'lease') return `lease, ${durationText(ttlLeftMs)} left`;
  return `${bytesText(bodyBytes)}, ${durationText(Math.max(0, nowMs - (storedAtMs ?? nowMs)))} old, ${durationText(ttlLeftMs)} left`;
}

async function inspectKey(redis: StoreConnection, key: string, say: Say): Promise<void> {
  const [control, entry] = await Promise.all([readControl(redis), readEntry(redis, key)]);
  if (entry === undefined) throw new OperatorError(`nothing is stored at ${key}`);
  const current = entry.epoch === control.epoch ? '' : `, which is over: the store is at ${String(control.epoch)}`;
  const facts: [string, string][] = [
    ['is', entry.kind === 'entry' ? 'an entry' : 'a lease: a reader is at work on it'],
  ];
  if (entry.kind === 'entry') {
    facts.push(
      ['status', String(entry.status)],
      ['body', bytesText(entry.bodyBytes)],
      ['etag', entry.etag ?? ''],
      ['snapshot', entry.snapshot ?? ''],
      ['epoch', `${String(entry.epoch)}${current}`],
      ['age', durationText(Math.max(0, control.storeMs - (entry.storedAtMs ?? control.storeMs)))],
    );
  }
  pairs([...facts, ['lives on for', durationText(entry.ttlLeftMs)]]).forEach(say);
  await sayReads(redis, entry, say);
}

async function sayReads(redis: StoreConnection, entry: Shown, say: Say): Promise<void> {
  const reads = entry.reads ?? [];
  const footprints = await footprintsOf(redis, [...new Set(reads.map((read) => read.statement))]);
  for (const { statement, values } of reads) {
    say(`reads ${statement} ${JSON.stringify(values)}`);
    const footprint = footprints.get(statement);
    if (footprint === undefined) {
      say('  the store does not know this statement: any change deletes the entry');
      continue;
    }
    for (const tag of readTags(footprint, values).tags) say(`  ${tag}${await listing(redis, tag, entry.key)}`);
  }
}

/** An entry that its tag set does not list would never be found by a change. */
async function listing(redis: StoreConnection, tag: Tag, key: string): Promise<string> {
  return (await redis.zscore(tag, key)) === null ? '   NOT LISTED THERE' : '';
}
