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
import {
  type CacheKey,
  controlKeys,
  type Scheme,
  schemeText,
  type StatementId,
  type TableName,
} from '@freshet/cache-keys';
import { headOf } from './entry-fields.js';
import { type Limit, unlimited } from './limits.js';
import { askServer, LookupBatch } from './lookup-batch.js';
import { deleteNews, newsOf } from './news.js';
import { RegistrationNumbers } from './registration-numbers.js';
import { fullWhereRefused, listOf, numberOf, textOf } from './replies.js';
import { carryOut, stepForAll, type ScriptedRedis } from './scripts.js';
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

  constructor(
    private readonly redis: ScriptedRedis,
    private readonly limit: Limit = unlimited,
  ) {
    this.lookups = new LookupBatch(askServer(redis, new ServerRun(redis)), limit);
    ({ channel: this.channel, database: this.database } = newsOf(redis));
  }

  lookup(key: CacheKey, token?: bigint): Promise<Found> {
    return this.lookups.lookup(key, token);
  }

  async register(registration: Registration): Promise<Registered> {
    const reply = await this.limit(() => this.announce(registration));
    const [lease, position, epoch, schema, ...missing] = listOf(reply);
    const became = textOf(lease);
    if (became === 'held' || became === 'filled' || became === 'lost') return { kind: became };
    return missing.length > 0 ? this.teach(registration, missing) : registered([position, epoch, schema]);
  }

  /** Step by step, so that none is long; the last one's position counts. */
  private async announce(r: Registration): Promise<unknown> {
    const number = await this.numbers.take(r.tags.length);
    const lease = [
      r.lease,
      r.leaseMs,
      r.epoch,
      JSON.stringify(r.reads),
      this.channel,
      deleteNews([r.key], this.database),
    ];
    const schemeTexts = r.schemes.map(schemeMember);
    const learnt = [schemeTexts.length, ...schemeTexts, ...r.footprints.keys()];
    for (let i = 0; ; i += TAGS_A_STEP) {
      const keys = [r.key, control, schemes, footprints, ...r.tags.slice(i, i + TAGS_A_STEP)];
      const how = i > 0 ? 'list' : !r.take ? 'extend' : r.beside ? 'beside' : 'take';
      const reply = await stepForAll(
        this.redis,
        'register',
        keys,
        how,
        ...lease,
        r.key,
        r.memberSeconds,
        number + i,
        ...learnt,
      );
      if (i + TAGS_A_STEP >= r.tags.length || textOf(listOf(reply)[0]) !== 'granted') return reply;
    }
  }

  /** The position must be read again after the footprints are there. */
  private async teach({ footprints: known }: Registration, ids: readonly unknown[]): Promise<Registered> {
    const pipeline = this.redis.pipeline();
    for (const id of ids) {
      const json = known.get(textOf(id) as StatementId);
      if (json !== undefined) pipeline.hset(footprints, String(id), json);
    }
    pipeline.hmget(control, 'position', 'epoch', 'schema');
    return registered((await this.limit(() => carryOut(this.redis, pipeline))).at(-1));
  }

  async judge(snapshot: string, position: number): Promise<'stored' | 'unseen' | 'floor'> {
    const args = judgeArguments(snapshot, position);
    if (args === undefined) return 'floor';
    return (await this.limit(() => this.redis.judge(control, fence, appliedKey, ...args))) as
      'stored' | 'unseen' | 'floor';
  }

  async fill({ key, lease, entry, position }: Fill): Promise<FillOutcome> {
    const args = judgeArguments(entry.snapshot, position);
    if (args === undefined) return 'floor';
    const value = [entry.ttlSeconds * 1000, entry.body, entry.snapshot, entry.epoch, headOf(entry)];
    const told = [this.channel, deleteNews([key], this.database)];
    const step = (): Promise<unknown> =>
      this.redis.fill(key, control, fence, appliedKey, lease, ...value, ...told, ...args);
    return (await this.limit(() => fullWhereRefused(step))) as FillOutcome;
  }

  async release(key: CacheKey, lease: LeaseId): Promise<void> {
    await this.limit(() => this.redis.releaseLease(key, lease));
  }

  async position(): Promise<{ position: number; schemaVersion: number; epoch: number | undefined }> {
    const [position, epoch, schema] = await this.limit(() => this.redis.hmget(control, 'position', 'epoch', 'schema'));
    return { position: numberOf(position) ?? 0, schemaVersion: numberOf(schema) ?? 0, epoch: numberOf(epoch) };
  }

  async putFacts(schemaVersion: number, byTable: ReadonlyMap<TableName, string>): Promise<boolean> {
    const pairs = [...byTable].flat();
    return (await this.limit(() => this.redis.putFacts(control, facts, String(schemaVersion), ...pairs))) === 1;
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
