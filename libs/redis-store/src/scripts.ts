import { createHash } from 'node:crypto';
import { type ChainableCommander, type Cluster, type Redis } from 'ioredis';
import { mastersOf } from './masters.js';
import addMember from './lua/add-member.lua';
import dropListings from './lua/drop-listings.lua';
import dropPrelude from './lua/drop.prelude.lua';
import entryPrelude from './lua/entry.prelude.lua';
import extendLease from './lua/extend-lease.lua';
import fencePrelude from './lua/fence.prelude.lua';
import fill from './lua/fill.lua';
import holdFills from './lua/hold-fills.lua';
import judge from './lua/judge.lua';
import leasePrelude from './lua/lease.prelude.lua';
import learn from './lua/learn.lua';
import listingPrelude from './lua/listing.prelude.lua';
import listMembers from './lua/list-members.lua';
import openStore from './lua/open-store.lua';
import publish from './lua/publish.lua';
import put from './lua/put.lua';
import putFacts from './lua/put-facts.lua';
import raiseEpoch from './lua/raise-epoch.lua';
import register from './lua/register.lua';
import releaseLease from './lua/release-lease.lua';
import removeEntries from './lua/remove-entries.lua';
import resumeFills from './lua/resume-fills.lua';
import rewind from './lua/rewind.lua';
import schemaChanged from './lua/schema-changed.lua';
import settleStreams from './lua/settle-streams.lua';
import standings from './lua/standings.lua';
import takeLease from './lua/take-lease.lua';
import takeRenewal from './lua/take-renewal.lua';
import takeStreams from './lua/take-streams.lua';
import told from './lua/told.lua';
import trimListings from './lua/trim-listings.lua';
import watermarkPrelude from './lua/watermark.prelude.lua';
import writeFence from './lua/write-fence.lua';

/** A change must be applied also when the server has no memory left: only so can it get rid of what is stale. */
function evenWhenFull(lua: string): string {
  return `#!lua flags=allow-oom\n${lua}`;
}

/** Refused as a whole then: once a script has written something, the server lets it write the rest. */
function notWhenFull(lua: string): string {
  return `#!lua\n${lua}`;
}

/** Each atomic step, under the name of its file. */
const scripts = {
  register: { numberOfKeys: 5, lua: notWhenFull(leasePrelude + listingPrelude + register) },
  takeLease: { numberOfKeys: 1, lua: leasePrelude + takeLease },
  takeRenewal: { numberOfKeys: 1, lua: leasePrelude + takeRenewal },
  extendLease: { numberOfKeys: 1, lua: leasePrelude + extendLease },
  releaseLease: { numberOfKeys: 1, lua: evenWhenFull(releaseLease) },
  addMember: { numberOfKeys: 1, lua: listingPrelude + addMember },
  removeEntries: { numberOfKeys: 1, lua: evenWhenFull(dropPrelude + removeEntries) },
  dropListings: { numberOfKeys: 1, lua: evenWhenFull(dropPrelude + dropListings) },
  listMembers: { numberOfKeys: 1, lua: evenWhenFull(listMembers) },
  standings: { numberOfKeys: 1, lua: evenWhenFull(standings) },
  trimListings: { numberOfKeys: 1, lua: evenWhenFull(trimListings) },
  learn: { numberOfKeys: 3, lua: listingPrelude + learn },
  judge: { numberOfKeys: 3, lua: fencePrelude + judge },
  fill: { numberOfKeys: 4, lua: fencePrelude + entryPrelude + fill },
  writeFence: { numberOfKeys: 3, lua: evenWhenFull(fencePrelude + writeFence) },
  openStore: { numberOfKeys: 2, lua: evenWhenFull(openStore) },
  holdFills: { numberOfKeys: 3, lua: evenWhenFull(holdFills) },
  resumeFills: { numberOfKeys: 1, lua: evenWhenFull(fencePrelude + resumeFills) },
  raiseEpoch: { numberOfKeys: 1, lua: evenWhenFull(raiseEpoch) },
  publishProgress: { numberOfKeys: 2, lua: evenWhenFull(watermarkPrelude + publish) },
  settleStreams: { numberOfKeys: 1, lua: evenWhenFull(watermarkPrelude + settleStreams) },
  takeStreams: { numberOfKeys: 2, lua: evenWhenFull(takeStreams) },
  put: { numberOfKeys: 1, lua: entryPrelude + put },
  told: { numberOfKeys: 1, lua: evenWhenFull(told) },
  putFacts: { numberOfKeys: 2, lua: putFacts },
  schemaChanged: { numberOfKeys: 2, lua: evenWhenFull(schemaChanged) },
  rewind: { numberOfKeys: 1, lua: evenWhenFull(watermarkPrelude + rewind) },
} as const;

export type Step = keyof typeof scripts;
export type Argument = string | number | Buffer;

/** A connection that knows the steps as commands. */
type Scripted<Connection> = Connection & Record<Step, (...keysAndArguments: Argument[]) => Promise<unknown>>;
/** To one server. */
export type ScriptedRedis = Scripted<Redis>;
/** To one server or to a cluster, where each command goes to the master of its keys. */
export type StoreConnection = Scripted<Redis | Cluster>;

const shas = Object.fromEntries(
  Object.entries(scripts).map(([name, { lua }]) => [name, createHash('sha1').update(lua).digest('hex')]),
) as Record<Step, string>;

/**
 * The client's own way with scripts sends one that the server has forgotten once more, after whatever stood behind it in a pipeline:
 * the fence would then be written after the reading that must follow it. So a pipeline fails as a whole instead. A step by itself is sent
 * again: whoever needs it done first waits for it.
 */
export function defineScripts<Connection extends Redis | Cluster>(redis: Connection): Scripted<Connection> {
  redis.on('ready', () => void loadScripts(redis).catch(() => undefined));
  for (const [name, { numberOfKeys }] of Object.entries(scripts)) {
    const step = (...args: Argument[]): Promise<unknown> => carryOutStep(redis, name as Step, numberOfKeys, args);
    Object.assign(redis, { [name]: step });
  }
  return redis as Scripted<Connection>;
}

async function carryOutStep(
  redis: Redis | Cluster,
  step: Step,
  numberOfKeys: number,
  keysAndArguments: readonly Argument[],
): Promise<unknown> {
  try {
    return await redis.evalsha(shas[step], numberOfKeys, ...keysAndArguments);
  } catch (error) {
    if (!isForgotten(error)) throw error;
    return redis.eval(scripts[step].lua, numberOfKeys, ...keysAndArguments);
  }
}

/** A step that does one thing to each of several keys of one server. */
export function stepForAll(
  redis: Redis | Cluster,
  step: Step,
  keys: readonly string[],
  ...args: Argument[]
): Promise<unknown> {
  return carryOutStep(redis, step, keys.length, [...keys, ...args]);
}

/** The words of a step: by its digest, or by its text for a server that has forgotten it. */
export function wordsOf(
  step: Step,
  how: 'digest' | 'text',
  keysAndArguments: readonly Argument[],
): [string, ...Argument[]] {
  const { numberOfKeys, lua } = scripts[step];
  const [name, which] = how === 'digest' ? ['evalsha', shas[step]] : ['eval', lua];
  return [name, which, numberOfKeys, ...keysAndArguments];
}

/** Puts a step into a pipeline. */
export function queue(pipeline: ChainableCommander, step: Step, ...keysAndArguments: Argument[]): void {
  pipeline.evalsha(shas[step], scripts[step].numberOfKeys, ...keysAndArguments);
}

/** Carries the pipeline out. When the server has forgotten a script, it learns all of them again before this throws. */
export async function carryOut(redis: Redis | Cluster, pipeline: ChainableCommander): Promise<unknown[]> {
  const results = await pipeline.exec();
  if (results === null) throw new Error('the pipeline was aborted');
  const failed = results.find(([error]) => error !== null)?.[0];
  if (failed == null) return results.map(([, reply]) => reply);
  if (isForgotten(failed)) await loadScripts(redis);
  throw failed;
}

async function loadScripts(redis: Redis | Cluster): Promise<void> {
  await Promise.all(
    mastersOf(redis).map((master) => {
      const pipeline = master.pipeline();
      for (const { lua } of Object.values(scripts)) pipeline.script('LOAD', lua);
      return pipeline.exec();
    }),
  );
}

export function isForgotten(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
