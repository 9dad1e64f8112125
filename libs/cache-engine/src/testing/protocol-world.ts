import { type CacheKey } from '@freshet/cache-keys';
import { type Query } from '../source.js';
import { type LeaseId } from '../store.js';
import { type Step, type World } from './explore.js';
import { type MemoryStore } from './memory-store.js';
import { type Place, Places } from './places.js';
import { Programs } from './programs.js';
import { constantSteps, type Parts, realParts, type Scenario } from './scenario.js';
import { type Misfortunes, Shared } from './shared.js';
import { facts, seenIn } from './small-world.js';

const NONE: Misfortunes = { crashes: 0, takeovers: 0, vanishings: 0, timeouts: 0, losses: 0, setbacks: 0, breaks: 0 };

/** What all processes share, as it is at some moment. */
interface Kept {
  readonly id: number;
  readonly shared: Shared;
  readonly violation: string | undefined;
  /** What each process may do here, from where it stands. */
  readonly moves: Map<Place, readonly Move[]>;
  misfortunes?: readonly Misfortune[];
}

interface Moment {
  readonly kept: Kept;
  /** One for each process; the invalidators are the last ones. */
  readonly places: readonly Place[];
}

interface Move {
  readonly label: string;
  readonly kept: Kept;
  readonly place: Place;
  /** It learns and changes nothing that another order could alter: taken at once. */
  readonly constant: boolean;
}

interface Misfortune {
  readonly label: string;
  readonly kept: Kept;
  /** What becomes of the invalidators. */
  readonly become: (places: readonly Place[]) => Promise<readonly Place[]>;
}

/**
 * The real engine over a store in memory: some callers, some transactions, an invalidator, and misfortunes. A state is what all processes
 * share and the place of each. What a step does follows from these two alone, so each pair of them is worked out once.
 */
export class ProtocolWorld implements World<Moment> {
  private readonly live: Shared;
  private readonly known = new Map<string, Kept>();
  /** What is live just now. */
  private now: Kept | undefined;
  private readonly places: Places;
  private readonly programs: Programs;
  private readonly constant: ReadonlySet<string>;

  constructor(
    private readonly scenario: Scenario,
    /** Until the code waits for nothing but its next steps. */
    settle: () => Promise<void>,
    private readonly parts: Parts = realParts,
  ) {
    this.places = new Places(settle);
    const { crashes, takeovers, vanishings, timeouts, losses, setbacks, breaks } = { ...NONE, ...scenario };
    const left = { crashes, takeovers, vanishings, timeouts, losses, setbacks, breaks };
    this.live = new Shared(scenario.transactions, left, scenario.listeners);
    this.constant = constantSteps(scenario);
    this.programs = new Programs({ scenario, parts, constant: this.constant, shared: this.live });
  }

  async begin(): Promise<Moment> {
    const store = this.parts.makeStore({}, this.live.store);
    await store.open();
    await store.putFacts(1, facts);
    if (this.scenario.newcomers !== true) await this.teach(store);
    if (this.scenario.warm === true) await this.programs.warm();
    this.live.begin();
    const { programs } = this;
    const all = [
      ...this.scenario.transactions.map((transaction) => programs.transaction(transaction)),
      ...this.scenario.processes.map((callers, i) => programs.process(i, callers)),
      programs.invalidator(0, 0),
    ];
    const places: Place[] = [];
    for (const program of all) places.push(await this.places.begin(program));
    return this.rest({ kept: this.keep(), places });
  }

  async next(moment: Moment): Promise<Step<Moment>[]> {
    const { kept, places } = moment;
    const steps: Step<Moment>[] = [];
    for (const [i, place] of places.entries()) {
      for (const move of kept.moves.get(place) ?? (await this.findMoves(kept, place)))
        steps.push({ label: move.label, to: await this.rest(moved(moment, i, move)) });
    }
    for (const { label, kept: then, become } of this.misfortunes(kept))
      steps.push({ label, to: await this.rest({ kept: then, places: await become(places) }) });
    return steps;
  }

  keyOf({ kept, places }: Moment): string {
    return `${kept.id} ${places.map(({ id }) => id).join(' ')}`;
  }

  violation({ kept, places }: Moment): string | undefined {
    return kept.violation ?? places.find(({ stage }) => stage.wrong !== undefined)?.stage.wrong;
  }

  /** Takes the steps that are not worth a choice. */
  private async rest(moment: Moment): Promise<Moment> {
    const { kept, places } = moment;
    for (const [i, place] of places.entries()) {
      const moves = kept.moves.get(place) ?? (await this.findMoves(kept, place));
      const move = moves.find(({ constant }) => constant);
      if (move !== undefined) return this.rest(moved(moment, i, move));
    }
    return moment;
  }

  private async findMoves(kept: Kept, place: Place): Promise<readonly Move[]> {
    const { name } = place.program;
    const moves: Move[] = [];
    for (const [id, { step, ready, work }] of place.stage.waiting) {
      this.become(kept);
      if (!ready()) continue;
      const heard = work();
      const after = this.keep();
      const constant = this.constant.has(step);
      moves.push({
        label: `${name}: ${step}`,
        kept: after,
        place: await this.places.after(place, id, heard),
        constant,
      });
    }
    for (const id of kept.shared.left.timeouts > 0 ? place.stage.calls.keys() : []) {
      const after = this.unlucky(kept, 'timeouts');
      const deaf = await this.places.after(place, id, undefined);
      moves.push({ label: `${name}: hears nothing`, kept: after, place: deaf, constant: false });
    }
    kept.moves.set(place, moves);
    return moves;
  }

  private misfortunes(kept: Kept): readonly Misfortune[] {
    return (kept.misfortunes ??= this.findMisfortunes(kept));
  }

  private findMisfortunes(kept: Kept): Misfortune[] {
    const found: Misfortune[] = [];
    const { left, database, committed, owner, store } = kept.shared;
    const same = async (places: readonly Place[]): Promise<readonly Place[]> => places;
    const invalidator = (number: number): Promise<Place> =>
      this.places.begin(this.programs.invalidator(number, committed));
    const behind = database.log.length > committed;
    if (behind && left.crashes > 0)
      found.push({
        label: 'the invalidator crashes and starts again',
        kept: this.unlucky(kept, 'crashes'),
        become: async (places) => [...places.slice(0, -1), await invalidator(owner)],
      });
    if (behind && left.takeovers > 0)
      found.push({
        label: 'another invalidator takes over',
        kept: this.unlucky(kept, 'takeovers', (shared) => void (shared.owner += 1)),
        become: async (places) => [...places, await invalidator(owner + 1)],
      });
    if (left.losses > 0) {
      const after = this.unlucky(kept, 'losses', ({ store: lost }) => {
        lost.lose();
        lost.versions.schema -= 1; // As if the schema watch, which is not part of this world, had followed the next opening.
      });
      found.push({ label: 'the store loses everything', kept: after, become: same });
    }
    if (left.setbacks > 0) found.push(...this.setbacks(kept));
    for (const key of left.vanishings > 0 ? store.slots.keys() : []) {
      const after = this.unlucky(kept, 'vanishings', (shared) => void shared.store.slots.delete(key));
      found.push({ label: `${key} vanishes`, kept: after, become: same });
    }
    return found;
  }

  private setbacks(kept: Kept): Misfortune[] {
    const become: Misfortune['become'] = async (places) => places;
    const { saved } = kept.shared;
    if (saved === undefined) {
      this.become(kept);
      this.live.save();
      return [{ label: 'the store is saved', kept: this.keep(), become }];
    }
    const after = this.unlucky(kept, 'setbacks', (shared) => {
      shared.store.setBack(saved);
      shared.store.versions.schema -= 1;
      shared.saved = undefined;
    });
    return [{ label: 'the store is set back to what was saved', kept: after, become }];
  }

  private unlucky(kept: Kept, what: keyof Misfortunes, happen: (shared: Shared) => void = () => undefined): Kept {
    this.become(kept);
    this.live.left = { ...this.live.left, [what]: this.live.left[what] - 1 };
    happen(this.live);
    return this.keep();
  }

  private become(kept: Kept): void {
    if (this.now !== kept) this.live.become(kept.shared);
    this.now = undefined;
  }

  /** What is live now, among all that was. */
  private keep(): Kept {
    const text = this.live.fingerprint;
    const id = this.known.size;
    const kept = this.known.get(text) ?? {
      id,
      shared: this.live.copy(),
      violation: staleEntry(this.live),
      moves: new Map(),
    };
    this.known.set(text, kept);
    this.now = kept;
    return kept;
  }

  /** Schemes and footprints of every view, as if each had been read before. */
  private async teach(store: MemoryStore): Promise<void> {
    const query: Query = async (statement) => {
      const described = this.scenario.statements.describe(statement);
      if (described.kind === 'refused') throw new TypeError(described.reasons.join('; '));
      const footprints = new Map([[described.id, described.json]]);
      const lease = 'teacher' as LeaseId;
      const key = 'e:teacher' as CacheKey;
      const { schemes } = described;
      const rest = { take: true, beside: false, leaseMs: 1, epoch: 0, reads: [], tags: [], memberSeconds: 1 };
      await store.register({ key, lease, schemes, footprints, ...rest });
      await store.release(key, lease);
      return [];
    };
    for (const request of this.scenario.processes.flat(2)) await request.load(query);
  }
}

function moved({ places }: Moment, index: number, { kept, place }: Move): Moment {
  return { kept, places: places.with(index, place) };
}

function staleEntry({ store, appliedXids }: Shared): string | undefined {
  if (store.incarnation === undefined) return undefined;
  for (const [key, slot] of store.slots) {
    if (slot.kind !== 'entry' || slot.entry.epoch !== store.epoch) continue;
    const missing = appliedXids.find((xid) => !seenIn(slot.entry.body).includes(xid));
    if (missing !== undefined) return `${key} is stored without transaction ${missing}, which is applied`;
  }
  return undefined;
}
