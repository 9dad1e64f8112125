import { type Redis } from 'ioredis';
import addMember from './lua/add-member.lua';
import dropMembers from './lua/drop-members.lua';
import extendLease from './lua/extend-lease.lua';
import fencePrelude from './lua/fence.prelude.lua';
import fill from './lua/fill.lua';
import judge from './lua/judge.lua';
import learn from './lua/learn.lua';
import openStore from './lua/open-store.lua';
import publish from './lua/publish.lua';
import putFacts from './lua/put-facts.lua';
import raiseEpoch from './lua/raise-epoch.lua';
import releaseLease from './lua/release-lease.lua';
import rewind from './lua/rewind.lua';
import schemaChanged from './lua/schema-changed.lua';
import takeLease from './lua/take-lease.lua';
import writeFence from './lua/write-fence.lua';

/** Each atomic step, under the name of its file. */
const scripts = {
  takeLease: { numberOfKeys: 1, lua: takeLease },
  extendLease: { numberOfKeys: 1, lua: extendLease },
  releaseLease: { numberOfKeys: 1, lua: releaseLease },
  addMember: { numberOfKeys: 1, lua: addMember },
  dropMembers: { numberOfKeys: 1, lua: dropMembers },
  learn: { numberOfKeys: 3, lua: learn },
  judge: { numberOfKeys: 3, lua: fencePrelude + judge },
  fill: { numberOfKeys: 4, lua: fencePrelude + fill },
  writeFence: { numberOfKeys: 3, lua: fencePrelude + writeFence },
  openStore: { numberOfKeys: 1, lua: openStore },
  raiseEpoch: { numberOfKeys: 1, lua: raiseEpoch },
  publishProgress: { numberOfKeys: 2, lua: publish },
  putFacts: { numberOfKeys: 2, lua: putFacts },
  schemaChanged: { numberOfKeys: 2, lua: schemaChanged },
  rewind: { numberOfKeys: 1, lua: rewind },
} as const;

type Argument = string | number | Buffer;
type Step = (...keysAndArguments: Argument[]) => Promise<unknown>;

/** A connection that knows the steps as commands. */
export type ScriptedRedis = Redis & Record<keyof typeof scripts, Step>;

type Pipeline = ReturnType<Redis['pipeline']>;
export type ScriptedPipeline = Pipeline & Record<keyof typeof scripts, (...keysAndArguments: Argument[]) => Pipeline>;

export function defineScripts(redis: Redis): ScriptedRedis {
  for (const [name, script] of Object.entries(scripts)) redis.defineCommand(name, script);
  return redis as ScriptedRedis;
}
