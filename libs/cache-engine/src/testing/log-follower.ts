import { StoreUnavailable } from '../errors.js';
import { type Invalidator } from '../invalidator.js';
import { type Pace } from './memory-store.js';
import { type Surroundings } from './programs.js';
import { changesOf, facts } from './small-world.js';
import { type Stage } from './stage.js';

const STREAM = { topic: 'changes', partition: 0 };

/** Feeds an invalidator record by record, as its service does. */
export class LogFollower {
  private offset: number;
  private begun = false;
  private readonly number: number;

  constructor(
    private readonly around: Pick<Surroundings, 'scenario' | 'shared'>,
    private readonly stage: Stage,
    { number, from }: { readonly number: number; readonly from: number },
  ) {
    this.number = number;
    this.offset = from;
  }

  /** What it will do follows from this, while it waits for records. */
  get knowledge(): unknown {
    return [this.offset, this.begun];
  }

  async follow(invalidator: Invalidator): Promise<never> {
    const { shared } = this.around;
    const toCome = (): boolean => this.mine && shared.database.log.length > this.offset;
    await this.stage.when(toCome, 'fetches', () => undefined);
    this.begun = true;
    const { losses, setbacks } = this.around.scenario;
    if ((losses ?? setbacks) !== undefined) await this.resume(invalidator);
    for (;;) {
      const next = await this.stage.when(toCome, 'fetches', () => shared.database.log[this.offset]);
      if (next === undefined) throw new RangeError('there is nothing to fetch');
      const slice = { changes: changesOf(next), position: { ...STREAM, offset: BigInt(this.offset) } };
      const done = await invalidator.apply(slice).catch(unlessUnavailable);
      if (done === undefined) continue;
      await this.stage.pace('commits offset', () => void (this.mine && (shared.committed = this.offset + 1)));
      this.offset += 1;
    }
  }

  /** Adds to the steps of a store what is known outside of it. */
  telling(pace: Pace): Pace {
    const { shared } = this.around;
    return (step, work) => {
      const end = this.offset + 1;
      return pace(step, () => {
        if (step === 'publish') shared.applied = Math.max(shared.applied, end);
        const result = work();
        // The schema watch, which reads the catalogue again when a store is opened, is not part of this world.
        if (step === 'open') shared.store.facts = facts;
        return result;
      });
    };
  }

  private get mine(): boolean {
    return this.around.shared.owner === this.number;
  }

  /** Goes back to what the store has; where it has nothing, what was applied is lost. See `Continuity` of the invalidator's service. */
  private async resume(invalidator: Invalidator): Promise<void> {
    const { topic, partition } = STREAM;
    const applied = await invalidator.positionOf(topic, partition);
    if (applied !== undefined) this.offset = Math.min(this.offset, Number(applied) + 1);
    else if (this.offset > 0)
      await invalidator.abandon('nothing tells what was applied', { ...STREAM, offset: BigInt(this.offset) });
  }
}

function unlessUnavailable(error: unknown): undefined {
  if (!(error instanceof StoreUnavailable)) throw error;
}
