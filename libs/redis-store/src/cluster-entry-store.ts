import {
  type EntryStore,
  type Fill,
  type FillOutcome,
  type Found,
  type LeaseId,
  type Registered,
  type Registration,
} from '@freshet/cache-engine';
import { type CacheKey, controlKeys, type TableName } from '@freshet/cache-keys';
import { type ClusterLane, command, type Command, type Reply, stepAt } from './cluster-lane.js';
import { askCluster } from './cluster-lookup.js';
import { headOf } from './entry-fields.js';
import { type Limit, unlimited } from './limits.js';
import { LookupBatch } from './lookup-batch.js';
import { deleteNews } from './news.js';
import { judgeArguments, registered, schemeMember } from './redis-entry-store.js';
import { RegistrationNumbers } from './registration-numbers.js';
import { fullWhereRefused, listOf, numberOf, textOf } from './replies.js';
import { isOpenOn } from './server-run.js';

const { applied, control, facts, fence, footprints, news, schemes } = controlKeys;
/** A cluster has no other. */
export const DATABASE = '0';
const POSITION = command('hmget', control, 'position', 'epoch', 'schema', 'server');

/**
 * The reader's side of a cluster. What one server does in the order of a pipeline are steps here, each after the answers to the one
 * before; what one server does at once are two halves. The README says why that is enough.
 */
export class ClusterEntryStore implements EntryStore {
  private readonly numbers = new RegistrationNumbers(async (count) => {
    const { value } = await this.lane.one(command('hincrby', control, 'registrations', count));
    return Number(value);
  });
  private readonly lookups: LookupBatch;

  constructor(
    private readonly lane: ClusterLane,
    private readonly limit: Limit = unlimited,
  ) {
    this.lookups = new LookupBatch(askCluster(lane), limit);
  }

  lookup(key: CacheKey, token?: bigint): Promise<Found> {
    return this.lookups.lookup(key, token);
  }

  register(registration: Registration): Promise<Registered> {
    return this.limit(() => this.registerInSteps(registration));
  }

  private async registerInSteps(r: Registration): Promise<Registered> {
    const number = await this.numbers.take(r.tags.length);
    const lease = await this.lane.one(leaseStep(r));
    const outcome = textOf(lease.value);
    if (outcome === 'held' || outcome === 'filled' || outcome === 'lost') return { kind: outcome };
    const listings = r.tags.map((tag, i) => stepAt('addMember', tag, r.key, r.memberSeconds, number + i));
    const schemeTexts = r.schemes.map(schemeMember);
    const ids = [...r.footprints.keys()];
    const learn = stepAt('learn', control, schemes, footprints, schemeTexts.length, ...schemeTexts, ...ids);
    const told = r.take && !r.beside ? [tell([r.key])] : [];
    const [learned, ...listed] = await this.lane.all([learn, ...listings, ...told]);
    await this.teach(r, learned);
    const position = await this.lane.one(POSITION);
    refuseStrangers(position, [lease, ...listed, position]);
    return registered(position.value);
  }

  /** The position must be read again after they are there. */
  private async teach(r: Registration, learned: Reply | undefined): Promise<void> {
    const missing = listOf(learned?.value).map((id) => textOf(id) ?? '');
    const texts = missing.flatMap((id) => {
      const json = r.footprints.get(id as never);
      return json === undefined ? [] : [id, json];
    });
    if (texts.length > 0) await this.lane.one(command('hset', footprints, ...texts));
  }

  async judge(snapshot: string, position: number): Promise<'stored' | 'unseen' | 'floor'> {
    const args = judgeArguments(snapshot, position);
    if (args === undefined) return 'floor';
    const judged = await this.limit(() => this.lane.one(stepAt('judge', control, fence, applied, ...args)));
    return judged.value as 'stored' | 'unseen' | 'floor';
  }

  async fill({ key, lease, entry, position }: Fill): Promise<FillOutcome> {
    const verdict = await this.judge(entry.snapshot, position);
    if (verdict !== 'stored') {
      await this.release(key, lease);
      return verdict;
    }
    const value = [entry.ttlSeconds * 1000, entry.body, entry.snapshot, entry.epoch, headOf(entry)];
    const step = async (): Promise<unknown> => (await this.lane.one(stepAt('put', key, lease, ...value))).value;
    const put = await this.limit(() => fullWhereRefused(step));
    if (put !== 'renewed') return put as FillOutcome;
    await this.tellRenewed(key, lease).catch(() => undefined);
    return 'stored';
  }

  /** Where it fails, the entry goes on saying that near caches were not told of it, and invalidation tells them in time. */
  private async tellRenewed(key: CacheKey, lease: LeaseId): Promise<void> {
    await this.lane.one(tell([key]));
    await this.lane.one(stepAt('told', key, lease));
  }

  async release(key: CacheKey, lease: LeaseId): Promise<void> {
    await this.limit(() => this.lane.one(stepAt('releaseLease', key, lease)));
  }

  async position(): Promise<{ position: number; schemaVersion: number; epoch: number | undefined }> {
    const [position, epoch, schema] = listOf((await this.limit(() => this.lane.one(POSITION))).value);
    return { position: numberOf(position) ?? 0, schemaVersion: numberOf(schema) ?? 0, epoch: numberOf(epoch) };
  }

  async putFacts(schemaVersion: number, byTable: ReadonlyMap<TableName, string>): Promise<boolean> {
    const pairs = [...byTable].flat();
    const put = stepAt('putFacts', control, facts, String(schemaVersion), ...pairs);
    return (await this.limit(() => this.lane.one(put))).value === 1;
  }
}

/** News is told at the master of the control keys, wherever the keys it is about are. */
export function tell(keys: readonly CacheKey[]): Command {
  return command('spublish', news, deleteNews(keys, DATABASE));
}

function leaseStep(r: Registration): Command {
  const reads = JSON.stringify(r.reads);
  if (!r.take) return stepAt('extendLease', r.key, r.lease, reads);
  return stepAt(r.beside ? 'takeRenewal' : 'takeLease', r.key, r.lease, r.leaseMs, r.epoch, reads);
}

/** Nobody invalidates on servers that the store was not opened on, so what is registered there is not found. */
function refuseStrangers(position: Reply, replies: readonly Reply[]): void {
  const opened = textOf(listOf(position.value)[3]);
  if (!replies.every(({ run }) => isOpenOn(opened, run))) throw new Error('a server that the store was not opened on');
}
