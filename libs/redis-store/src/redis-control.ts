import {
  type FenceRead,
  type Hold,
  type Progress,
  type Stream,
  streamOf,
  type StreamPosition,
  StreamsTaken,
} from '@freshet/cache-engine';
import { controlKeys, parseScheme, type Scheme, type StatementId, type TableName } from '@freshet/cache-keys';
import { parseHold, parsePulse, pulseText } from './control-fields.js';
import { newsOf } from './news.js';
import { bigintOf, listOf, numberOf, reaching, textOf } from './replies.js';
import { carryOut, queue, type StoreConnection } from './scripts.js';
import { isOpenOn, type Runs, ServerRun } from './server-run.js';

const { applied, control, fence, footprints, facts, schemes } = controlKeys;

const MOST_FENCED = 65_536;

export interface ControlOptions {
  readonly nonce: () => string;
  readonly runs?: Runs;
}

/** What the invalidator reads and writes at the control keys, which one server has. */
export class RedisControl {
  private readonly run: Runs;
  /** The runs that the store was open on when the fence was written last. */
  private openOn: string | undefined;
  private readonly channel: string;
  private readonly database: string;
  private readonly me: string;

  constructor(
    private readonly redis: StoreConnection,
    private readonly options: ControlOptions,
  ) {
    this.run = options.runs ?? new ServerRun(redis);
    this.me = options.nonce();
    ({ channel: this.channel, database: this.database } = newsOf(redis));
  }

  async open(): Promise<{ opened: boolean }> {
    const epoch = await reaching(async () => {
      const run = await this.run.ask();
      this.openOn = run;
      return this.redis.openStore(control, facts, this.options.nonce(), run, this.channel, this.database);
    });
    return { opened: epoch !== null };
  }

  async take(streams: readonly Stream[]): Promise<void> {
    await reaching(() => this.redis.takeStreams(control, applied, this.me, ...streams.map(streamOf)));
  }

  async fence(xids: readonly number[], stream: Stream): Promise<FenceRead> {
    const run = await reaching(() => this.run.ask());
    const pipeline = this.redis.pipeline();
    if (xids.length > 0) queue(pipeline, 'writeFence', control, fence, applied, MOST_FENCED, ...xids);
    const offsetField = `offset:${streamOf(stream)}`;
    pipeline.hmget(control, 'incarnation', 'server', 'schemes', 'facts', offsetField, 'heartbeat', 'pulse', 'hold');
    const [incarnation, server, ...rest] = listOf((await reaching(() => carryOut(this.redis, pipeline))).at(-1));
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
    for (const text of await reaching(() => this.redis.smembers(schemes))) {
      const at = text.indexOf(':');
      const table = text.slice(0, at) as TableName;
      const scheme = parseScheme(table, text.slice(at + 1));
      if (scheme === undefined) unreadable.push(table);
      else known.push(scheme);
    }
    return { known, unreadable };
  }

  async facts(): Promise<ReadonlyMap<TableName, string>> {
    const all = await reaching(() => this.redis.hgetall(facts));
    return new Map(Object.entries(all) as [TableName, string][]);
  }

  async footprints(ids: readonly StatementId[]): Promise<ReadonlyMap<StatementId, string>> {
    const texts = await reaching(() => this.redis.hmget(footprints, ...ids));
    return new Map(ids.flatMap((id, i) => (texts[i] == null ? [] : [[id, texts[i]]])));
  }

  async schemaChanged(): Promise<void> {
    await reaching(() => this.redis.schemaChanged(control, facts));
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
    await reaching(() => this.redis.holdFills(control, fence, applied, streamOf(found), String(found.offset)));
  }

  async resumeFills(hold: Hold, beyond: number): Promise<void> {
    await reaching(() => this.redis.resumeFills(control, hold.id, beyond));
  }

  async raiseEpoch(_reason: string): Promise<number> {
    return Number(await reaching(() => this.redis.raiseEpoch(control, this.channel, this.database)));
  }

  async positionOf(topic: string, partition: number): Promise<bigint | undefined> {
    return bigintOf(await reaching(() => this.redis.hget(control, `offset:${streamOf({ topic, partition })}`)));
  }

  async rewind(position: StreamPosition): Promise<void> {
    const offset = position.offset < 0n ? '' : String(position.offset);
    await this.own(() => this.redis.rewind(control, streamOf(position), offset, this.me));
  }

  private async own(step: () => Promise<unknown>): Promise<void> {
    if ((await reaching(step)) === 'TAKEN') throw new StreamsTaken();
  }
}
