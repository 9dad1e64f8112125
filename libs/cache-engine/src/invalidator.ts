import { type CacheKey, type Tag } from '@freshet/cache-keys';
import { type Change, type TableRef } from '@freshet/row-change';
import { type Candidates, candidatesOf } from './candidates.js';
import { StoreUnavailable } from './errors.js';
import { HoldWatch } from './hold-watch.js';
import { Knowledge } from './knowledge.js';
import { type Listener } from './ports.js';
import { follow, type Followed } from './pulse.js';
import { type Slice, sortOut } from './slice.js';
import {
  type ChangeStore,
  type FenceRead,
  type Member,
  type Standing,
  type Stream,
  streamOf,
  type StreamPosition,
} from './store.js';
import { type Suspect, suspectsOf } from './suspects.js';
import { judgeStanding, statementsOf } from './trial.js';

const NOBODY: Candidates = { tags: [], wipes: [], unknown: undefined, changesUnder: () => [] };

export interface Applied {
  /** Entries and leases that were looked at, and those that went. */
  readonly tested: number;
  readonly deleted: number;
  readonly watermarkMs: number | undefined;
}

/** Applies slices of the log to the store. Whatever throws must be applied again: every step may be repeated. */
export class Invalidator {
  private readonly knowledge: Knowledge;
  private readonly published = new Map<string, bigint>();
  /** The transaction that each stream's last slice ended in: more of it may come. */
  private readonly unfinished = new Map<string, number>();
  private readonly holdWatch = new HoldWatch();
  private incarnation: string | undefined;
  /** The store was seen to hold what was applied before: if it is not open now, it has lost that, or may have. */
  private acquainted = false;
  private streams: readonly Stream[] | undefined;

  constructor(
    private readonly store: ChangeStore,
    private readonly listen: Listener,
  ) {
    this.knowledge = new Knowledge(store);
  }

  /** Another may have gone on meanwhile, or been set back: what was remembered of these streams is nothing to compare with. */
  async take(streams: readonly Stream[]): Promise<void> {
    this.published.clear();
    this.unfinished.clear();
    this.streams = streams;
    await this.store.take(streams);
  }

  /**
   * Fence → schemes → tags → test → delete → publish. The caller commits its offset only after this resolved.
   * @throws StoreUnavailable
   */
  async apply(batch: { changes: readonly Change[]; position: StreamPosition }): Promise<Applied> {
    const slice = sortOut(batch.changes);
    const read = await this.enclose(slice.xids, batch.position);
    const followed = follow(read.pulse, slice.heartbeats);
    if (followed.broken !== undefined) await this.abandon(followed.broken, batch.position);
    await this.knowledge.refresh(read);
    if (slice.schemaChanged) await this.store.schemaChanged();
    if (slice.abandon !== undefined) await this.raiseEpoch(slice.abandon);
    if (slice.nameless) await this.abandon('a change came without its transaction', batch.position);
    const counts = { tested: 0, deleted: 0 };
    const candidates = await this.candidatesOf(slice);
    for (const table of distinct(candidates.wipes)) counts.deleted += await this.deleteTable(table);
    await this.testAll(candidates, counts);
    const proof = this.proof(read, slice, batch.position);
    await this.publish(slice, followed, batch.position);
    if (proof !== undefined) await this.store.resumeFills(proof.hold, proof.beyond);
    this.listen({ kind: 'applied', changes: batch.changes.length, ...counts });
    return { ...counts, watermarkMs: slice.watermarkMs };
  }

  /** Deletes every entry that reads the table. Resolves to how many there were. */
  async deleteTable(table: TableRef): Promise<number> {
    let deleted = 0;
    for await (const tags of this.store.tagsOf(this.knowledge.rootOf(table))) {
      for await (const page of this.store.members(tags)) deleted += await this.removePage(page);
    }
    return deleted;
  }

  /**
   * Something of the log is lost, up to this record. What is stored goes; and what was lost may not be visible yet and is not in the
   * fence, so fills wait for the proof that every new snapshot has it.
   */
  async abandon(reason: string, found: StreamPosition): Promise<void> {
    await this.store.holdFills(found);
    await this.raiseEpoch(reason);
  }

  async raiseEpoch(reason: string): Promise<void> {
    const epoch = await this.store.raiseEpoch(reason);
    this.listen({ kind: 'epoch-raised', epoch, reason });
  }

  async positionOf(topic: string, partition: number): Promise<bigint | undefined> {
    const position = await this.store.positionOf(topic, partition);
    if (position !== undefined) this.acquainted = true;
    return position;
  }

  /** An operator replays the log from an earlier record. What is newer than a change is not deleted by it. */
  async rewind(position: StreamPosition): Promise<void> {
    this.published.delete(streamOf(position));
    // Of the transaction that was in hand more may be to come, but not next.
    this.unfinished.delete(streamOf(position));
    await this.store.rewind(position);
  }

  /**
   * Fences the slice in a store that is known to be whole. One that was opened only now may have lost the fence in between, which is
   * written again then.
   * @throws StoreUnavailable where it is lost once more
   */
  private async enclose(xids: readonly number[], position: StreamPosition): Promise<FenceRead> {
    let read = await this.store.fence(xids, position);
    if (!this.continues(read, position)) {
      await this.reopen(position);
      read = await this.store.fence(xids, position);
    }
    if (read.incarnation === undefined)
      throw new StoreUnavailable(new Error('the store lost its state while it was opened'));
    this.incarnation = read.incarnation;
    this.acquainted = true;
    return read;
  }

  /** Whether nothing shows that the store lost something, or went back in time. */
  private continues({ incarnation, offset = -1n }: FenceRead, position: StreamPosition): boolean {
    const last = this.published.get(streamOf(position));
    const same = incarnation === this.incarnation || this.incarnation === undefined;
    return incarnation !== undefined && same && (last === undefined || offset >= last);
  }

  /** What was applied lately is gone from the fence, may still be invisible, and does not come again: so fills are held first. */
  private async reopen(position: StreamPosition): Promise<void> {
    const lost = this.acquainted;
    this.published.clear();
    if (lost) await this.store.holdFills(position);
    const { opened } = await this.store.open();
    if (this.streams !== undefined) await this.store.take(this.streams);
    if (!opened || lost) await this.raiseEpoch('the store lost its state or went back in time');
  }

  /** A slice that follows one which ended at or behind the loss lies behind it as a whole. */
  private proof({ hold }: FenceRead, { heartbeats }: Slice, position: StreamPosition) {
    const stream = streamOf(position);
    if (hold?.stream !== stream || (this.published.get(stream) ?? -1n) < hold.offset) return undefined;
    const beyond = this.holdWatch.proof(hold, heartbeats);
    return beyond === undefined ? undefined : { hold, beyond };
  }

  /** What has to be looked at. A table without facts may be a new partition of any other, or hide one of the same name. */
  private async candidatesOf({ transactions, wipes }: Slice): Promise<Candidates> {
    if (this.knowledge.empty) return { ...NOBODY, wipes };
    const found = candidatesOf(transactions, this.knowledge);
    const unknown = wipes.find((table) => this.knowledge.factsOf(table) === undefined) ?? found.unknown;
    if (unknown !== undefined) await this.raiseEpoch(`no facts about table ${unknown.schema}.${unknown.table}`);
    return { ...found, wipes: [...wipes, ...found.wipes] };
  }

  private async testAll(
    { tags, changesUnder }: Candidates,
    counts: { tested: number; deleted: number },
  ): Promise<void> {
    let removal = Promise.resolve(0);
    for await (const page of this.store.members(tags)) {
      const suspects = suspectsOf(page, changesUnder);
      const { doomed, gone } = await this.tryAll(suspects);
      counts.tested += suspects.length;
      counts.deleted += await removal;
      // The store is at work on it while the next page is judged; all of them are waited for before anything is published.
      removal = this.remove(page, doomed, gone);
      removal.catch(() => undefined);
    }
    counts.deleted += await removal;
  }

  private async tryAll(suspects: readonly Suspect[]): Promise<{ doomed: CacheKey[]; gone: CacheKey[] }> {
    const standings = await this.standingsOf(suspects);
    const matchers = await this.knowledge.matchersOf(statementsOf(standings));
    const doomed: CacheKey[] = [];
    const gone: CacheKey[] = [];
    suspects.forEach(({ key, changes }, i) => {
      const standing = standings[i];
      if (standing === undefined || standing.kind === 'gone') return void gone.push(key);
      const verdict = judgeStanding(standing, changes, matchers, this.knowledge.factsOf);
      if (!verdict.matters) return;
      doomed.push(key);
      this.listen({ kind: 'deleted', key, because: verdict.because });
    });
    return { doomed, gone };
  }

  /** Most stores tell them with the listings. */
  private async standingsOf(suspects: readonly Suspect[]): Promise<readonly Standing[]> {
    const told = suspects.flatMap(({ standing }) => standing ?? []);
    return told.length === suspects.length ? told : this.store.standings(suspects.map(({ key }) => key));
  }

  private async removePage(page: ReadonlyMap<Tag, readonly Member[]>): Promise<number> {
    const keys = [...new Set([...page.values()].flatMap((members) => members.map((member) => member.key)))];
    return this.remove(page, keys, []);
  }

  private async remove(
    page: ReadonlyMap<Tag, readonly Member[]>,
    doomed: CacheKey[],
    gone: CacheKey[],
  ): Promise<number> {
    const dead = new Set([...doomed, ...gone]);
    if (dead.size === 0) return 0;
    // A near cache may still hold what is gone from the store: it must hear of the change too.
    const listings = [...page].map(([tag, members]) => [tag, members.filter(({ key }) => dead.has(key))] as const);
    return this.store.remove([...dead], new Map(listings.filter(([, members]) => members.length > 0)));
  }

  private async publish(slice: Slice, { pulse, broken }: Followed, position: StreamPosition): Promise<void> {
    const stream = streamOf(position);
    const unfinished = slice.xids.at(-1) ?? this.unfinished.get(stream);
    const open = this.unfinished.get(stream);
    const completed = [...(open === undefined ? [] : [open]), ...slice.xids].filter((xid) => xid !== unfinished);
    const pulseBroken = broken !== undefined;
    await this.store.publish({ position, watermarkMs: slice.watermarkMs, pulse, pulseBroken, completed });
    if (unfinished !== undefined) this.unfinished.set(stream, unfinished);
    const last = this.published.get(stream);
    if (last === undefined || position.offset > last) this.published.set(stream, position.offset);
  }
}

function distinct(tables: readonly TableRef[]): Iterable<TableRef> {
  return new Map(tables.map((table) => [`${table.schema}.${table.table}`, table])).values();
}
