import { type CacheKey, type Tag } from '@freshet/cache-keys';
import { type Answer } from '../answer.js';
import { Reader, type ReadRequest } from '../reader.js';
import {
  type FenceRead,
  type Fill,
  type FillOutcome,
  type Found,
  type Member,
  type Progress,
  type Registered,
  type Registration,
  type StreamPosition,
} from '../store.js';
import { MemoryStore } from './memory-store.js';
import { type Parts, realParts } from './scenario.js';

/** A store that stores whatever was read: the snapshot is not compared with the fence. */
class NoCheck extends MemoryStore {
  protected override verdict(): 'stored' {
    return 'stored';
  }
}

/** Transactions are applied without being written into the fence. */
class NoFence extends MemoryStore {
  override async fence(_xids: readonly number[], stream: StreamPosition): Promise<FenceRead> {
    return super.fence([], stream);
  }
}

/** What the fence forgets leaves no trace. */
class NoFloor extends MemoryStore {
  protected override raiseFloor(): void {
    return;
  }
}

/** The position of the fence is read first, the entry listed under its tags afterwards. */
class LateRegistration extends MemoryStore {
  override async register(r: Registration): Promise<Registered> {
    const taken = await this.pace(r.take ? 'take lease' : 'extend lease', () => this.hold(r));
    if (taken !== 'granted') return { kind: taken };
    const registered = await this.pace('get position', () => this.registered());
    for (const tag of r.tags) await this.pace('list under tag', () => this.list(tag, r.key));
    return registered;
  }
}

/** What is registered ahead of being asked is listed nowhere. */
class NothingAhead extends MemoryStore {
  override async register(r: Registration): Promise<Registered> {
    return super.register(r.take ? { ...r, tags: r.tags.slice(0, 1) } : r);
  }
}

/** An entry is stored wherever its reader stands by now. */
class FillWithoutLease extends MemoryStore {
  override async fill(fill: Fill): Promise<FillOutcome> {
    return this.pace('fill', () => this.store(fill, this.verdict(fill.entry.snapshot, fill.position)));
  }
}

/** Deleting passes over leases. */
class LeasesKept extends MemoryStore {
  protected override async unlink(keys: readonly CacheKey[]): Promise<number> {
    return super.unlink(keys.filter((key) => this.state.slots.get(key)?.kind !== 'lease'));
  }
}

/** What is deleted while the next is looked at is not waited for in the end. */
class RemovalsOnTheirWay extends MemoryStore {
  override async remove(...args: Parameters<MemoryStore['remove']>): Promise<number> {
    void super.remove(...args);
    return args[0].length;
  }
}

/** A listing is dropped whatever its score is by now. */
class BlindRemoval extends MemoryStore {
  override async drop(listings: ReadonlyMap<Tag, readonly Member[]>): Promise<void> {
    for (const [tag, members] of listings) {
      await this.pace('drop listings', () => {
        for (const { key } of members) this.state.tagSets.get(tag)?.delete(key);
      });
    }
  }
}

/** Every registration lists its key under the same score. */
class EqualScores extends MemoryStore {
  protected override list(tag: Tag, key: CacheKey): void {
    super.list(tag, key);
    this.state.tagSets.get(tag)?.set(key, 1);
  }
}

/** The watermark is moved as soon as the batch has come in. */
class PublishFirst extends MemoryStore {
  override async fence(xids: readonly number[], stream: StreamPosition): Promise<FenceRead> {
    const read = await super.fence(xids, stream);
    await super.publish({
      position: stream,
      watermarkMs: undefined,
      pulse: undefined,
      pulseBroken: false,
      completed: [],
    });
    return read;
  }
}

/** Entries of an abandoned epoch pass for current ones. */
class EpochIgnored extends MemoryStore {
  override async lookup(key: CacheKey, token?: bigint): Promise<Found> {
    const found = await super.lookup(key, token);
    if (found.entry === undefined || found.epoch === undefined) return found;
    return { ...found, entry: { ...found.entry, epoch: found.epoch } };
  }
}

/** Of several registrations, the first one's position is used. */
class FirstPosition extends MemoryStore {
  private first: Registered | undefined;

  override async register(r: Registration): Promise<Registered> {
    const registered = await super.register(r);
    if (registered.kind !== 'registered') return registered;
    if (r.take) this.first = registered;
    return this.first ?? registered;
  }
}

/** The entry is read before what is said of the whole store. */
class EntryReadFirst extends MemoryStore {
  override async lookup(key: CacheKey, token?: bigint): Promise<Found> {
    const slot = await this.pace('get entry', () => this.state.slots.get(key));
    const control = await this.pace('get control', () => this.control(token));
    return { ...control, entry: slot?.kind === 'entry' ? slot.entry : undefined, leased: slot?.kind === 'lease' };
  }
}

/** After a loss, fills go on at once. */
class NeverOnHold extends MemoryStore {
  override async holdFills(): Promise<void> {
    return;
  }
}

/** A transaction counts as applied with the first of its rows. */
class CompleteAtOnce extends MemoryStore {
  private xids: readonly number[] = [];

  override async fence(xids: readonly number[], stream: StreamPosition): Promise<FenceRead> {
    this.xids = xids;
    return super.fence(xids, stream);
  }

  override async publish(progress: Progress): Promise<void> {
    await super.publish({ ...progress, completed: this.xids });
  }
}

/** What was fenced before the store was opened counts as fenced, though it may have gone with what the store lost. */
class FencedOnce extends MemoryStore {
  private opened = false;

  override async open(): Promise<{ opened: boolean }> {
    const result = await super.open();
    this.opened = true;
    return result;
  }

  override async fence(xids: readonly number[], stream: StreamPosition): Promise<FenceRead> {
    const read = await super.fence(this.opened ? [] : xids, stream);
    this.opened = false;
    return read;
  }
}

/** A caller takes what another's load brings, although it may have begun before this caller came. */
class EagerReader extends Reader {
  protected override async miss(request: ReadRequest, epoch: number): Promise<Answer> {
    const flight = this.flights.get(request.key);
    if (flight === undefined) return super.miss(request, epoch);
    return { ...(await flight).answer, outcome: 'shared' };
  }
}

function withStore(Store: typeof MemoryStore): Parts {
  return { ...realParts, makeStore: (options, state) => new Store(options, state) };
}

/** The engine without one of its rules, by the rule's name. */
export const brokenParts = {
  'no check': withStore(NoCheck),
  'no fence': withStore(NoFence),
  'no floor': withStore(NoFloor),
  'registration late': withStore(LateRegistration),
  'nothing listed ahead': withStore(NothingAhead),
  'fill without lease': withStore(FillWithoutLease),
  'leases kept': withStore(LeasesKept),
  'removals not waited for': withStore(RemovalsOnTheirWay),
  'blind removal': withStore(BlindRemoval),
  'equal scores': withStore(EqualScores),
  'publish before delete': withStore(PublishFirst),
  'epoch not compared': withStore(EpochIgnored),
  'first position used': withStore(FirstPosition),
  'entry read first': withStore(EntryReadFirst),
  'complete with its first row': withStore(CompleteAtOnce),
  'fenced once': withStore(FencedOnce),
  'fills not on hold after a loss': withStore(NeverOnHold),
  'joined without looking again': { ...realParts, makeReader: (ports, settings) => new EagerReader(ports, settings) },
} satisfies Record<string, Parts>;
