import { type ChangeStore } from '@freshet/cache-engine';
import { type CacheKey, type Tag } from '@freshet/cache-keys';
import { type Engine } from '../invalidation.js';
import { OnStandby } from '../errors.js';
import { type LogFeed, type Role } from '../kafka/log-feed.js';
import { type ProgressBoard, type StreamProgress } from '../progress-board.js';
import { type FindPlaces, type LogPlace } from './log-offsets.js';
import { type OperatorStore, type StoreSummary } from './operator-store.js';
import { type PurgeRequest, type ReplayRequest } from './requests.js';

/** What is known of the store; little while it is away. */
export interface Status extends Partial<StoreSummary> {
  readonly state: string;
  readonly role: Role;
  /** Why nothing is applied at the moment. */
  readonly waitingFor: string | undefined;
  /** How far the applied log is behind this host's clock. */
  readonly stalenessMs: number | undefined;
  readonly streams: readonly StreamProgress[];
}

export interface OperatorPorts {
  readonly engine: Engine;
  readonly changes: Pick<ChangeStore, 'members' | 'remove'>;
  readonly store: OperatorStore;
  readonly board: ProgressBoard;
  readonly feed: LogFeed;
  readonly findPlaces: FindPlaces;
  readonly nowMs: () => number;
}

/** What an operator may do by hand. */
export class Operator {
  constructor(private readonly ports: OperatorPorts) {}

  async status(): Promise<Status> {
    const { store, board, feed, nowMs } = this.ports;
    const { state } = feed;
    // This page matters most while the store is away.
    const [summary, trouble] = await store.summary().then(
      (known) => [known, undefined] as const,
      (error: Error) => [undefined, `the store: ${error.message}`] as const,
    );
    return {
      ...summary,
      state: state.kind,
      role: feed.role,
      waitingFor: state.kind === 'waiting' ? state.reason : (board.waitingFor ?? trouble),
      stalenessMs: summary?.watermarkMs === undefined ? undefined : Math.max(0, nowMs() - summary.watermarkMs),
      streams: board.streams,
    };
  }

  async raiseEpoch(reason: string): Promise<void> {
    await this.ports.engine.raiseEpoch(reason);
  }

  /** Resolves to how many entries and leases went. */
  async purge(what: PurgeRequest): Promise<number> {
    const { engine, changes, store } = this.ports;
    if ('key' in what) return changes.remove([what.key as CacheKey]);
    if ('table' in what) return engine.deleteTable(tableOf(what.table));
    let deleted = 0;
    if ('view' in what) {
      for await (const keys of store.keysOfView(what.view)) deleted += await changes.remove(keys);
      return deleted;
    }
    for await (const page of changes.members([what.tag as Tag])) {
      const keys = [...page.values()].flatMap((members) => members.map((member) => member.key));
      deleted += await changes.remove([...new Set(keys)]);
    }
    return deleted;
  }

  async pause(): Promise<void> {
    this.mustBeActive();
    await this.ports.feed.pause();
  }

  resume(): void {
    this.ports.feed.resume();
  }

  /** Applies the log again from an earlier place. What is newer than a change is not deleted by it. */
  async replay(request: ReplayRequest): Promise<readonly LogPlace[]> {
    const { engine, findPlaces, feed } = this.ports;
    this.mustBeActive();
    const places = await findPlaces(request);
    const wasPaused = feed.state.kind === 'paused';
    // A slice that is still being applied would move the position forward again.
    await feed.pause();
    try {
      // Whoever has just become active may not have told the store yet.
      await engine.take(feed.streams);
      for (const { topic, partition, offset } of places) {
        await engine.rewind({ topic, partition, offset: BigInt(offset) - 1n });
        feed.seek({ topic, partition, offset });
      }
    } finally {
      if (!wasPaused) feed.resume();
    }
    return places;
  }

  private mustBeActive(): void {
    if (this.ports.feed.role !== 'active') throw new OnStandby();
  }

  switchModel(model: string, enabled: boolean): Promise<readonly string[]> {
    return this.ports.store.switchModel(model, enabled);
  }
}

function tableOf(name: string): { schema: string; table: string } {
  const dot = name.indexOf('.');
  return dot === -1 ? { schema: 'public', table: name } : { schema: name.slice(0, dot), table: name.slice(dot + 1) };
}
