import { type ChangeStore, type Member, type Standing } from '@freshet/cache-engine';
import { type CacheKey, type Tag } from '@freshet/cache-keys';
import { chunks, KEYS_A_COMMAND, KEYS_A_LOOK, TAGS_A_PROBE } from './chunks.js';
import { ControlSteps } from './control-steps.js';
import { type Look, lookArguments, parseLook, type Seen } from './look.js';
import { deleteNews, newsOf } from './news.js';
import { type ControlOptions, RedisControl } from './redis-control.js';
import { listOf, numberOf, reaching } from './replies.js';
import { type Argument, carryOut, type Step, stepForAll, type StoreConnection } from './scripts.js';
import { parseStanding, STANDING_FIELDS } from './standing.js';
import { dropped, type Portion, portionsOf, tagSetsOf } from './tag-sets.js';

const TAGS_A_PIPELINE = 4096;

/**
 * The invalidator's side of one Redis server. Nothing here gives up silently: what fails is thrown and done again.
 *
 * Looks, deletes and drops are sent one after the other: of a pipeline the server carries out all that has arrived before it turns to
 * anybody else.
 */
export class RedisChangeStore extends ControlSteps implements ChangeStore {
  private readonly channel: string;
  private readonly database: string;

  constructor(
    private readonly redis: StoreConnection,
    options: ControlOptions,
  ) {
    super(new RedisControl(redis, options));
    ({ channel: this.channel, database: this.database } = newsOf(redis));
  }

  readonly tagsOf: ChangeStore['tagsOf'] = (table) => tagSetsOf(this.redis, table);

  async *members(tags: readonly Tag[]): AsyncIterable<ReadonlyMap<Tag, readonly Member[]>> {
    for (const some of chunks(tags, TAGS_A_PIPELINE)) yield* this.pages(await this.looksAt(some));
  }

  /** Most changes match nothing: a few commands for many tags find that out. */
  private async looksAt(tags: readonly Tag[]): Promise<Look[]> {
    if (tags.length <= KEYS_A_LOOK) return tags.length === 0 ? [] : [{ tags, from: 0 }];
    const probes = [...chunks(tags, TAGS_A_PROBE)];
    const pipeline = this.redis.pipeline();
    for (const probe of probes) pipeline.exists(...probe);
    const counts = await reaching(() => carryOut(this.redis, pipeline));
    return probes.flatMap((probe, i) => looksFor(probe, numberOf(counts[i]) ?? 0));
  }

  /** The next look is sent before the taker is busy with what this one saw. */
  private async *pages(looks: readonly Look[]): AsyncIterable<ReadonlyMap<Tag, readonly Member[]>> {
    const todo = [...looks].reverse();
    let coming = this.look(todo.pop());
    while (coming !== undefined) {
      const { page, rest }: Seen = await coming;
      coming = this.look(rest ?? todo.pop());
      // Its failure is told when it is asked for, or to nobody.
      coming?.catch(() => undefined);
      if (page.size > 0) yield page;
    }
  }

  private look(look: Look | undefined): Promise<Seen> | undefined {
    if (look === undefined) return undefined;
    return this.forAll('listMembers', look.tags, ...lookArguments(look, KEYS_A_LOOK)).then((reply) =>
      parseLook(look, reply),
    );
  }

  async standings(keys: readonly CacheKey[]): Promise<readonly Standing[]> {
    const standings: Standing[] = [];
    for (const few of chunks(keys, KEYS_A_LOOK))
      standings.push(...listOf(await this.forAll('standings', few, ...STANDING_FIELDS)).map(parseStanding));
    return standings;
  }

  async remove(keys: readonly CacheKey[], listings: ReadonlyMap<Tag, readonly Member[]> = new Map()): Promise<number> {
    const portions = [...portionsOf(listings, KEYS_A_COMMAND)];
    // Usually all of it is what one look saw.
    const together = keys.length <= KEYS_A_COMMAND && portions.length <= 1;
    let removed = 0;
    for (const few of chunks(keys, KEYS_A_COMMAND)) removed += await this.removeFew(few, together ? portions[0] : []);
    if (!together) for (const some of portions) await this.dropSome(some);
    return removed;
  }

  async drop(listings: ReadonlyMap<Tag, readonly Member[]>): Promise<void> {
    for (const some of portionsOf(listings, KEYS_A_COMMAND)) await this.dropSome(some);
  }

  private async removeFew(keys: readonly CacheKey[], listings: Portion = []): Promise<number> {
    const tags = listings.map(([tag]) => tag);
    const news = [this.channel, deleteNews(keys, this.database)];
    const dropping = listings.flatMap(([, members]) => dropped(members));
    const count = await this.forAll('removeEntries', [...keys, ...tags], keys.length, ...news, ...dropping);
    return numberOf(count) ?? 0;
  }

  private async dropSome(listings: Portion): Promise<void> {
    const tags = listings.map(([tag]) => tag);
    await this.forAll('dropListings', tags, ...listings.flatMap(([, members]) => dropped(members)));
  }

  private forAll(step: Step, keys: readonly string[], ...args: Argument[]): Promise<unknown> {
    return reaching(() => stepForAll(this.redis, step, keys, ...args));
  }
}

/** So many sets to a look that what is listed in them about fills it. */
function looksFor(tags: readonly Tag[], inhabited: number): Look[] {
  if (inhabited === 0) return [];
  const size = Math.max(KEYS_A_LOOK, Math.floor((KEYS_A_LOOK * tags.length) / inhabited));
  return [...chunks(tags, size)].map((some) => ({ tags: some, from: 0 }));
}
