import { type ChangeStore, type FenceRead, type Member, type Standing, type Stream } from '@freshet/cache-engine';
import { type CacheKey, type TableName, type Tag } from '@freshet/cache-keys';
import { chunks, TAGS_A_PROBE } from './chunks.js';
import { tell } from './cluster-entry-store.js';
import { ClusterLane, command, type Reply, stepAt } from './cluster-lane.js';
import { type Layout, parseLayout } from './cluster-layout.js';
import { type ClusterNodes } from './cluster-nodes.js';
import { ControlSteps } from './control-steps.js';
import { type From, pageAfter, pageOf } from './member-pages.js';
import { type RedisControl } from './redis-control.js';
import { listOf, numberOf, reaching, textOf } from './replies.js';
import { type StoreConnection } from './scripts.js';
import { parseStanding, STANDING_FIELDS } from './standing.js';
import { dropped, portionsOf, tagSetsOf } from './tag-sets.js';

/** How many are looked at, deleted, or taken off tag sets, before the next are: some for each server. */
const KEYS_A_TURN = 100;

/**
 * The invalidator's side of a cluster. The control keys are on one server, and what is done to them is done as on a single one. Entries
 * and tag sets are on all of them.
 */
export class ClusterChangeStore extends ControlSteps implements ChangeStore {
  private readonly lane: ClusterLane;

  /** @param control for the keys that are on one server, with these nodes as its runs */
  constructor(
    private readonly nodes: ClusterNodes,
    control: RedisControl,
    private readonly redis: StoreConnection,
  ) {
    super(control);
    this.lane = new ClusterLane(nodes);
  }

  /** On the masters of now, and no others. */
  override async open(): Promise<{ opened: boolean }> {
    this.nodes.forget();
    return super.open();
  }

  /** From here to the publication every server that is asked something is remembered: the store must be open on all of them. */
  override async fence(xids: readonly number[], stream: Stream): Promise<FenceRead> {
    this.nodes.forget();
    return super.fence(xids, stream);
  }

  async *members(tags: readonly Tag[]): AsyncIterable<ReadonlyMap<Tag, readonly Member[]>> {
    for (const some of chunks(tags, TAGS_A_PROBE)) {
      let from: From = new Map(some.map((tag) => [tag, 0]));
      while (from.size > 0) {
        const commands = [...from].map(([tag, score]) => command('zrangebyscore', tag, ...pageAfter(score)));
        const { page, next } = pageOf(from, valuesOf(await this.all(commands)));
        if (page.size > 0) yield page;
        from = next;
      }
    }
  }

  /**
   * A tag set that goes from a master that is still to be looked through to one that was passes unseen. So when slots moved meanwhile,
   * all that is stored goes instead.
   */
  async *tagsOf(table: TableName): AsyncIterable<readonly Tag[]> {
    const before = await reaching(() => this.layout());
    yield* tagSetsOf(this.redis, table);
    const after = await reaching(() => this.layout());
    if (before.settled && after.settled && before.text === after.text) return;
    await this.raiseEpoch(`slots of the cluster moved while the tag sets of ${table} were looked for`);
  }

  /** Near caches are told where an entry may have taken the place of another that they still hold. */
  async standings(keys: readonly CacheKey[]): Promise<readonly Standing[]> {
    const standings: Standing[] = [];
    for (const some of chunks(keys, KEYS_A_TURN)) {
      const replies = valuesOf(await this.all(some.map((key) => command('hmget', key, ...STANDING_FIELDS, 'untold'))));
      const untold = some.filter((_, i) => isUntold(replies[i]));
      if (untold.length > 0) await this.all([tell(untold)]);
      standings.push(...replies.map(parseStanding));
    }
    return standings;
  }

  /** News of a delete comes after it, as a near cache may look again at once. */
  async remove(keys: readonly CacheKey[], listings: ReadonlyMap<Tag, readonly Member[]> = new Map()): Promise<number> {
    let removed = 0;
    for (const some of chunks(keys, KEYS_A_TURN)) {
      const counts = valuesOf(await this.all(some.map((key) => command('unlink', key))));
      removed += counts.reduce<number>((sum, count) => sum + (numberOf(count) ?? 0), 0);
      await this.all([tell(some)]);
    }
    await this.drop(listings);
    return removed;
  }

  async drop(listings: ReadonlyMap<Tag, readonly Member[]>): Promise<void> {
    for (const some of portionsOf(listings, KEYS_A_TURN))
      await this.all(some.map(([tag, members]) => stepAt('dropListings', tag, ...dropped(members))));
  }

  private async layout(): Promise<Layout> {
    await this.nodes.refreshed();
    const { masters } = this.nodes;
    await Promise.all(masters.map((node) => this.nodes.meet(node)));
    return parseLayout(await Promise.all(masters.map(({ redis }) => redis.cluster('NODES') as Promise<string>)));
  }

  private all(commands: Parameters<ClusterLane['all']>[0]): Promise<Reply[]> {
    return reaching(() => this.lane.all(commands));
  }
}

function valuesOf(replies: readonly Reply[]): unknown[] {
  return replies.map(({ value }) => value);
}

/** A lease in an empty place, whose reader has yet to tell; or an entry that took another's place and was not told of yet. */
function isUntold(reply: unknown): boolean {
  const [lease, snapshot, , , untold] = listOf(reply).map(textOf);
  return untold !== undefined || (lease !== undefined && snapshot === undefined);
}
