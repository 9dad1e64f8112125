import { type ChainableCommander } from 'ioredis';
import {
  type ChangeStore,
  type FenceRead,
  type Hold,
  type Member,
  type Progress,
  type Standing,
  type Stream,
  streamOf,
  type StreamPosition,
  StreamsTaken,
} from '@freshet/cache-engine';
import {
  type CacheKey,
  controlKeys,
  parseScheme,
  type Scheme,
  type StatementId,
  type TableName,
  type Tag,
  tagPattern,
} from '@freshet/cache-keys';
import { chunks, KEYS_A_PIPELINE, TAGS_A_PROBE } from './chunks.js';
import { parseHold, parsePulse, pulseText } from './control-fields.js';
import { globEscape } from './glob.js';
import { scanPages } from './masters.js';
import { type From, MEMBERS_A_PAGE, type Page, pageOf } from './member-pages.js';
import { deleteNews, newsOf } from './news.js';
import { asUnavailable, bigintOf, listOf, numberOf, textOf } from './replies.js';
import { carryOut, queue, queueForAll, type StoreConnection } from './scripts.js';
import { isOpenOn, type Runs, ServerRun } from './server-run.js';
import { parseStanding, STANDING_FIELDS } from './standing.js';

const { applied, control, fence, footprints, facts, schemes } = controlKeys;

const TAGS_A_PIPELINE = 4096;
const KEYS_A_COMMAND = 50;
const KEYS_A_LOOK = 100;
const MOST_FENCED = 65_536;

/** The invalidator's side of one Redis server. Nothing here gives up silently: what fails is thrown and done again. */
export class RedisChangeStore implements ChangeStore {
  private readonly prefix: string;
  private readonly run: Runs;
  /** The runs that the store was open on when the fence was written last. */
  private openOn: string | undefined;
  private readonly channel: string;
  private readonly database: string;
  private readonly me: string;

  constructor(
    private readonly redis: StoreConnection,
    private readonly options: { readonly nonce: () => string; readonly runs?: Runs },
  ) {
    this.prefix = redis.options.keyPrefix ?? '';
    this.run = options.runs ?? new ServerRun(redis);
    this.me = options.nonce();
    ({ channel: this.channel, database: this.database } = newsOf(redis));
  }

  async open(): Promise<{ opened: boolean }> {
    const epoch = await this.call(async () => {
      const run = await this.run.ask();
      this.openOn = run;
      return this.redis.openStore(control, facts, this.options.nonce(), run, this.channel, this.database);
    });
    return { opened: epoch !== null };
  }

  async take(streams: readonly Stream[]): Promise<void> {
    await this.call(() => this.redis.takeStreams(control, applied, this.me, ...streams.map(streamOf)));
  }

  async fence(xids: readonly number[], stream: Stream): Promise<FenceRead> {
    const run = await this.call(() => this.run.ask());
    const pipeline = this.redis.pipeline();
    if (xids.length > 0) queue(pipeline, 'writeFence', control, fence, applied, MOST_FENCED, ...xids);
    const offsetField = `offset:${streamOf(stream)}`;
    pipeline.hmget(control, 'incarnation', 'server', 'schemes', 'facts', offsetField, 'heartbeat', 'pulse', 'hold');
    const [incarnation, server, ...rest] = listOf((await this.carryOut(pipeline)).at(-1));
    const [schemeVersion, factVersion, offset, heartbeat, pulse, hold] = rest;
    this.openOn = textOf(server);
    return {
      incarnation: isOpenOn(this.openOn, run) ? textOf(incarnation) : undefined,
      schemes: numberOf(schemeVersion) ?? 0,
      facts: numberOf(factVersion) ?? 0,
      offset: bigintOf(offset),
      pulse: parsePulse(bigintOf(heartbeat), textOf(pulse)),
      hold: parseHold(textOf(hold)),
    };
  }

  async schemes(): Promise<{ known: readonly Scheme[]; unreadable: readonly TableName[] }> {
    const known: Scheme[] = [];
    const unreadable: TableName[] = [];
    for (const text of await this.call(() => this.redis.smembers(schemes))) {
      const at = text.indexOf(':');
      const table = text.slice(0, at) as TableName;
      const scheme = parseScheme(table, text.slice(at + 1));
      if (scheme === undefined) unreadable.push(table);
      else known.push(scheme);
    }
    return { known, unreadable };
  }

  async facts(): Promise<ReadonlyMap<TableName, string>> {
    const all = await this.call(() => this.redis.hgetall(facts));
    return new Map(Object.entries(all) as [TableName, string][]);
  }

  async footprints(ids: readonly StatementId[]): Promise<ReadonlyMap<StatementId, string>> {
    const texts = await this.call(() => this.redis.hmget(footprints, ...ids));
    return new Map(ids.flatMap((id, i) => (texts[i] == null ? [] : [[id, texts[i]]])));
  }

  async *members(tags: readonly Tag[]): AsyncIterable<ReadonlyMap<Tag, readonly Member[]>> {
    for (const some of chunks(tags, TAGS_A_PIPELINE)) {
      for (const probe of await this.inhabited(some)) yield* this.pages(probe);
    }
  }

  /** Most changes match nothing: a few commands for many tags find that out. */
  private async inhabited(tags: readonly Tag[]): Promise<readonly Tag[][]> {
    const probes = [...chunks(tags, TAGS_A_PROBE)];
    // Listing a single one says the same.
    if (probes.length <= 1) return probes;
    const pipeline = this.redis.pipeline();
    for (const probe of probes) pipeline.exists(...probe);
    const counts = await this.carryOut(pipeline);
    return probes.filter((_, i) => numberOf(counts[i]) !== 0);
  }

  /** The next page is read while its taker is busy with this one. */
  private async *pages(tags: readonly Tag[]): AsyncIterable<ReadonlyMap<Tag, readonly Member[]>> {
    let coming: Promise<Page> | undefined = this.page(new Map(tags.map((tag) => [tag, 0])));
    while (coming !== undefined) {
      const { page, next }: Page = await coming;
      coming = next.size === 0 ? undefined : this.page(next);
      // Its failure is told when it is asked for, or to nobody.
      coming?.catch(() => undefined);
      if (page.size > 0) yield page;
    }
  }

  /** Pages by score, not by rank: removals in between shift ranks. */
  private async page(from: From): Promise<Page> {
    const pipeline = this.redis.pipeline();
    queueForAll(pipeline, 'listMembers', [...from.keys()], ...from.values(), MEMBERS_A_PAGE);
    const [reply] = await this.carryOut(pipeline);
    const lists = listOf(reply);
    if (lists.length === 0) return { page: new Map(), next: new Map() };
    const all = [...from];
    const { page, next } = pageOf(new Map(all.slice(0, lists.length)), lists);
    // What was not listed for want of room comes next.
    return { page, next: new Map([...next, ...all.slice(lists.length)]) };
  }

  async *tagsOf(table: TableName): AsyncIterable<readonly Tag[]> {
    const pattern = globEscape(this.prefix) + globEscape(tagPattern(table).slice(0, -1)) + '*';
    const pages = scanPages(this.redis, pattern)[Symbol.asyncIterator]();
    for (;;) {
      const page = await this.call(() => pages.next());
      if (page.done === true) return;
      yield page.value.map((key) => key.slice(this.prefix.length) as Tag);
    }
  }

  async standings(keys: readonly CacheKey[]): Promise<readonly Standing[]> {
    const standings: Standing[] = [];
    for (const some of chunks(keys, KEYS_A_PIPELINE)) {
      const pipeline = this.redis.pipeline();
      for (const few of chunks(some, KEYS_A_LOOK)) queueForAll(pipeline, 'standings', few, ...STANDING_FIELDS);
      standings.push(...(await this.carryOut(pipeline)).flatMap(listOf).map(parseStanding));
    }
    return standings;
  }

  async remove(keys: readonly CacheKey[]): Promise<number> {
    let removed = 0;
    for (const some of chunks(keys, KEYS_A_PIPELINE)) {
      const pipeline = this.redis.pipeline();
      for (const few of chunks(some, KEYS_A_COMMAND)) {
        pipeline.unlink(...few).spublish(controlKeys.news, deleteNews(few, this.database));
      }
      const replies = await this.carryOut(pipeline);
      removed += replies.reduce<number>((sum, reply, i) => sum + (i % 2 === 0 ? (numberOf(reply) ?? 0) : 0), 0);
    }
    return removed;
  }

  async drop(listings: ReadonlyMap<Tag, readonly Member[]>): Promise<void> {
    const all = [...listings].flatMap(([tag, members]) => members.map((member) => ({ tag, member })));
    for (const some of chunks(all, KEYS_A_PIPELINE)) {
      const pipeline = this.redis.pipeline();
      for (const few of chunks(some, KEYS_A_LOOK)) {
        const keys = [...new Set(few.map(({ tag }) => tag))];
        const places = new Map(keys.map((tag, i) => [tag, i + 1]));
        const args = few.flatMap(({ tag, member: { key, score } }) => [places.get(tag) ?? 0, key, score]);
        queueForAll(pipeline, 'dropListings', keys, ...args);
      }
      await this.carryOut(pipeline);
    }
  }

  async schemaChanged(): Promise<void> {
    await this.call(() => this.redis.schemaChanged(control, facts));
  }

  async publish({ position, watermarkMs, pulse, pulseBroken, completed }: Progress): Promise<void> {
    const { offset } = position;
    await this.own(async () => {
      // A server that another took the place of meanwhile may have taken changes with it that were applied there.
      if (this.openOn !== undefined && !isOpenOn(this.openOn, await this.run.ask()))
        throw new Error('the store is on other servers than when the fence was written');
      return this.redis.publishProgress(
        control,
        applied,
        this.channel,
        this.database,
        streamOf(position),
        String(offset),
        watermarkMs ?? '',
        pulse === undefined ? '' : String(pulse.sequence),
        pulse === undefined ? '' : pulseText(pulse),
        pulseBroken ? '1' : '',
        this.openOn ?? '',
        this.me,
        ...completed,
      );
    });
  }

  async settle(ends: readonly StreamPosition[], watermarkMs: number): Promise<void> {
    const pairs = ends.flatMap((end) => [streamOf(end), String(end.offset)]);
    await this.own(() =>
      this.redis.settleStreams(control, this.channel, this.database, this.me, watermarkMs, ...pairs),
    );
  }

  async holdFills(found: StreamPosition): Promise<void> {
    await this.call(() => this.redis.holdFills(control, fence, applied, streamOf(found), String(found.offset)));
  }

  async resumeFills(hold: Hold, beyond: number): Promise<void> {
    await this.call(() => this.redis.resumeFills(control, hold.id, beyond));
  }

  async raiseEpoch(_reason: string): Promise<number> {
    return Number(await this.call(() => this.redis.raiseEpoch(control, this.channel, this.database)));
  }

  async positionOf(topic: string, partition: number): Promise<bigint | undefined> {
    return bigintOf(await this.call(() => this.redis.hget(control, `offset:${streamOf({ topic, partition })}`)));
  }

  async rewind(position: StreamPosition): Promise<void> {
    const offset = position.offset < 0n ? '' : String(position.offset);
    await this.own(() => this.redis.rewind(control, streamOf(position), offset, this.me));
  }

  private async carryOut(pipeline: ChainableCommander): Promise<unknown[]> {
    return this.call(() => carryOut(this.redis, pipeline));
  }

  private async own(step: () => Promise<unknown>): Promise<void> {
    if ((await this.call(step)) === 'TAKEN') throw new StreamsTaken();
  }

  private async call<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}
