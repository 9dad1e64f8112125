import { Invalidator, type ChangeStore } from '@freshet/cache-engine';
import { tableName, type CacheKey, type TableName, type Tag } from '@freshet/cache-keys';
import { RedisChangeStore, type StoreConnection } from '@freshet/redis-store';
import { randomUUID } from 'node:crypto';
import { OperatorError } from '../errors.js';
import { type Say } from '../output.js';
import { withStore } from '../sites.js';
import { keysOfView } from '../store/entries.js';
import { readFacts } from '../store/knowledge.js';

export interface InvalidateOptions {
  readonly table?: string;
  readonly tag?: string;
  readonly key?: string;
  readonly view?: string;
  readonly all?: boolean;
}

type Target = Exclude<keyof InvalidateOptions, 'all'>;

/** Removes entries by an operator's hand, through the store's own steps: leases go too, and near caches are told. */
export async function invalidate(env: NodeJS.ProcessEnv, options: InvalidateOptions, say: Say): Promise<void> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== false);
  const [choice, ...more] = given;
  if (choice === undefined || more.length > 0) {
    throw new OperatorError('say what to invalidate, by exactly one of --table, --tag, --key, --view, --all');
  }
  await withStore(env, async (redis) => {
    const store = new RedisChangeStore(redis, { nonce: randomUUID });
    if (options.all === true) return sayEpoch(store, say);
    const [what, name] = choice as [Target, string];
    say(`${await REMOVE[what](redis, store, name)} deleted`);
  });
}

/** Everything at once: what is stored stays where it is, and no reader takes it any more. */
async function sayEpoch(store: ChangeStore, say: Say): Promise<void> {
  let raised = 0;
  await new Invalidator(store, (event) => {
    if (event.kind === 'epoch-raised') raised = event.epoch;
  }).raiseEpoch('an operator asked for it');
  say(`the whole cache is abandoned: epoch ${raised}`);
}

type Remove = (redis: StoreConnection, store: ChangeStore, name: string) => Promise<number>;

const REMOVE: Readonly<Record<Target, Remove>> = {
  key: (_redis, store, key) => store.remove([key as CacheKey]),
  tag: (_redis, store, tag) => removeListed(store, [tag as Tag]),
  view: removeView,
  table: removeTable,
};

async function removeView(redis: StoreConnection, store: ChangeStore, view: string): Promise<number> {
  let deleted = 0;
  for await (const keys of keysOfView(redis, view)) deleted += await store.remove(keys as CacheKey[]);
  return deleted;
}

/** A partition's entries are listed under its root. */
async function removeTable(redis: StoreConnection, store: ChangeStore, name: string): Promise<number> {
  const [schema, table] = name.includes('.') ? (name.split('.', 2) as [string, string]) : ['public', name];
  const facts = (await readFacts(redis))({ schema, table });
  if (facts === undefined) throw new OperatorError(`the store knows no table "${name}"`);
  const root: TableName = facts.root ?? tableName(schema, table);
  let deleted = 0;
  for await (const tags of store.tagsOf(root)) deleted += await removeListed(store, tags);
  return deleted;
}

async function removeListed(store: ChangeStore, tags: readonly Tag[]): Promise<number> {
  let deleted = 0;
  for await (const page of store.members(tags)) {
    const keys = new Set([...page.values()].flatMap((members) => members.map((member) => member.key)));
    deleted += await store.remove([...keys]);
    // Entries first, then their listings, each only while it is the one that was seen.
    await store.drop(page);
  }
  return deleted;
}
