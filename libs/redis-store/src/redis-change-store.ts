import { type ChangeStore, type Member, type Standing } from '@freshet/cache-engine';
import { type CacheKey, type Tag } from '@freshet/cache-keys';
import { chunks, KEYS_A_COMMAND, KEYS_A_LOOK, TAGS_A_PROBE } from './chunks.js';
import { ControlSteps } from './control-steps.js';
import { type From, MEMBERS_A_PAGE, type Page, pageOf } from './member-pages.js';
import { deleteNews, newsOf } from './news.js';
import { type ControlOptions, RedisControl } from './redis-control.js';
import { listOf, numberOf, reaching } from './replies.js';
import { type Argument, carryOut, type Step, stepForAll, type StoreConnection } from './scripts.js';
import { parseStanding, STANDING_FIELDS } from './standing.js';
import { dropped, portionsOf, tagSetsOf } from './tag-sets.js';

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
    const counts = await reaching(() => carryOut(this.redis, pipeline));
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
    // Room for one of each, so that sets of a single entry come together.
    const most = Math.max(MEMBERS_A_PAGE, from.size);
    const lists = listOf(await this.forAll('listMembers', [...from.keys()], ...from.values(), most));
    if (lists.length === 0) return { page: new Map(), next: new Map() };
    const all = [...from];
    const { page, next } = pageOf(new Map(all.slice(0, lists.length)), lists, most);
    // What was not listed for want of room comes next.
    return { page, next: new Map([...next, ...all.slice(lists.length)]) };
  }

  async standings(keys: readonly CacheKey[]): Promise<readonly Standing[]> {
    const standings: Standing[] = [];
    for (const few of chunks(keys, KEYS_A_LOOK))
      standings.push(...listOf(await this.forAll('standings', few, ...STANDING_FIELDS)).map(parseStanding));
    return standings;
  }

  async remove(keys: readonly CacheKey[]): Promise<number> {
    let removed = 0;
    for (const few of chunks(keys, KEYS_A_COMMAND)) {
      const count = await this.forAll('removeEntries', few, this.channel, deleteNews(few, this.database));
      removed += numberOf(count) ?? 0;
    }
    return removed;
  }

  async drop(listings: ReadonlyMap<Tag, readonly Member[]>): Promise<void> {
    for (const some of portionsOf(listings, KEYS_A_COMMAND)) {
      const tags = some.map(([tag]) => tag);
      await this.forAll('dropListings', tags, ...some.flatMap(([, members]) => dropped(members)));
    }
  }

  private forAll(step: Step, keys: readonly string[], ...args: Argument[]): Promise<unknown> {
    return reaching(() => stepForAll(this.redis, step, keys, ...args));
  }
}
