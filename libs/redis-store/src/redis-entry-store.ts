import { type ChainableCommander } from 'ioredis';
import {
  type EntryStore,
  type Fill,
  type FillOutcome,
  type Found,
  type LeaseId,
  narrow,
  parseSnapshot,
  type Registered,
  type Registration,
} from '@freshet/cache-engine';
import { type CacheKey, controlKeys, type Scheme, schemeText, type TableName } from '@freshet/cache-keys';
import { within } from './deadline.js';
import { askServer, LookupBatch } from './lookup-batch.js';
import { deleteNews, newsOf } from './news.js';
import { RegistrationNumbers } from './registration-numbers.js';
import { asUnavailable, isOutOfMemory, listOf, numberOf, textOf } from './replies.js';
import { carryOut, queue, queueForAll, type ScriptedRedis } from './scripts.js';
import { ServerRun } from './server-run.js';

const { applied: appliedKey, control, fence, footprints, facts, schemes } = controlKeys;

/** So many tag sets are written to by one command, so that none is long. */
const TAGS_A_STEP = 100;

/** The reader's side of one Redis server: a pipeline there is carried out in the order in which it was written. */
export class RedisEntryStore implements EntryStore {
  private readonly numbers = new RegistrationNumbers((count) => this.redis.hincrby(control, 'registrations', count));
  private readonly lookups: LookupBatch;
  private readonly channel: string;
  private readonly database: string;

  /** @param budgetMs the longest that one step may take; more counts as a server that is away */
  constructor(
    private readonly redis: ScriptedRedis,
    private readonly budgetMs?: number,
  ) {
    this.lookups = new LookupBatch(askServer(redis, new ServerRun(redis)), budgetMs);
    ({ channel: this.channel, database: this.database } = newsOf(redis));
  }

  lookup(key: CacheKey, token?: bigint): Promise<Found> {
    return this.lookups.lookup(key, token);
  }

  async register(registration: Registration): Promise<Registered> {
    const missing = await this.tryRegister(registration);
    if (!Array.isArray(missing)) return missing;
    const pipeline = this.redis.pipeline();
    for (const id of missing) {
      const json = registration.footprints.get(id as never);
      if (json !== undefined) pipeline.hset(footprints, id, json);
    }
    pipeline.hmget(control, 'position', 'epoch', 'schema');
    return registered((await this.run(pipeline)).at(-1));
  }

  /** Resolves to the ids of footprints that the store lacks; the position must then be read again after they are there. */
  private async tryRegister(r: Registration): Promise<Registered | string[]> {
    const number = await this.call(() => this.numbers.take(r.tags.length));
    const pipeline = this.redis.pipeline();
    const reads = JSON.stringify(r.reads);
    const terms = [r.key, r.lease, r.leaseMs, r.epoch, reads];
    if (r.take && r.beside) queue(pipeline, 'takeRenewal', ...terms);
    else if (r.take) queue(pipeline, 'takeLease', ...terms, this.channel, deleteNews([r.key], this.database));
    else queue(pipeline, 'extendLease', r.key, r.lease, reads);
    for (let i = 0; i < r.tags.length; i += TAGS_A_STEP) {
      const some = r.tags.slice(i, i + TAGS_A_STEP);
      queueForAll(pipeline, 'addMember', some, r.key, r.memberSeconds, number + i);
    }
    const schemeTexts = r.schemes.map(schemeMember);
    queue(pipeline, 'learn', control, schemes, footprints, schemeTexts.length, ...schemeTexts, ...r.footprints.keys());
    pipeline.hmget(control, 'position', 'epoch', 'schema');
    const replies = await this.run(pipeline);
    const lease = textOf(replies[0]);
    if (lease === 'held' || lease === 'filled' || lease === 'lost') return { kind: lease };
    const missing = listOf(replies.at(-2)).map((id) => textOf(id) ?? '');
    return missing.length > 0 ? missing : registered(replies.at(-1));
  }

  async judge(snapshot: string, position: number): Promise<'stored' | 'unseen' | 'floor'> {
    const args = judgeArguments(snapshot, position);
    if (args === undefined) return 'floor';
    return (await this.call(() => this.redis.judge(control, fence, appliedKey, ...args))) as
      'stored' | 'unseen' | 'floor';
  }

  async fill({ key, lease, entry, position }: Fill): Promise<FillOutcome> {
    const args = judgeArguments(entry.snapshot, position);
    if (args === undefined) return 'floor';
    const { body, snapshot, epoch, etag, status, storedAtMs, ttlSeconds } = entry;
    const meta = JSON.stringify(entry.meta);
    const fields = [body, snapshot, epoch, etag, status, storedAtMs, ttlSeconds, meta];
    try {
      const step = this.redis.fill(
        key,
        control,
        fence,
        appliedKey,
        lease,
        ttlSeconds * 1000,
        ...fields,
        this.channel,
        deleteNews([key], this.database),
        ...args,
      );
      return (await within(this.budgetMs, step)) as FillOutcome;
    } catch (error) {
      if (isOutOfMemory(error)) return 'full';
      throw asUnavailable(error);
    }
  }

  async release(key: CacheKey, lease: LeaseId): Promise<void> {
    await this.call(() => this.redis.releaseLease(key, lease));
  }

  async position(): Promise<{ position: number; schemaVersion: number; epoch: number | undefined }> {
    const [position, epoch, schema] = await this.call(() => this.redis.hmget(control, 'position', 'epoch', 'schema'));
    return { position: numberOf(position) ?? 0, schemaVersion: numberOf(schema) ?? 0, epoch: numberOf(epoch) };
  }

  async putFacts(schemaVersion: number, byTable: ReadonlyMap<TableName, string>): Promise<boolean> {
    const pairs = [...byTable].flat();
    return (await this.call(() => this.redis.putFacts(control, facts, String(schemaVersion), ...pairs))) === 1;
  }

  private async run(pipeline: ChainableCommander): Promise<unknown[]> {
    return this.call(() => carryOut(this.redis, pipeline));
  }

  private async call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await within(this.budgetMs, work());
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}

/** `<table>:<scheme text>`: neither part can hold a colon. */
export function schemeMember(scheme: Scheme): string {
  return `${scheme.table}:${schemeText(scheme)}`;
}

export function registered(reply: unknown): Registered {
  const [position, epoch, schema] = listOf(reply);
  return {
    kind: 'registered',
    position: numberOf(position) ?? 0,
    epoch: numberOf(epoch) ?? -1,
    schemaVersion: numberOf(schema) ?? 0,
  };
}

/** Undefined for a snapshot that cannot be read: it covers nothing. */
export function judgeArguments(text: string, position: number): number[] | undefined {
  const snapshot = parseSnapshot(text);
  if (snapshot === undefined) return undefined;
  return [position, narrow(snapshot.xmin), narrow(snapshot.xmax), ...snapshot.xip.map(narrow)];
}
