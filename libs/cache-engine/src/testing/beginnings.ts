import { type Listening } from './channels.js';
import { type Pace } from './memory-store.js';
import { type Shared } from './shared.js';
import { type Stage } from './stage.js';

/** What was true when a read began. */
export interface Start {
  readonly applied: readonly number[];
  readonly visible: readonly number[];
}

const never = (): boolean => false;

/**
 * A read begins with its first step that can tell: what was true a moment earlier is no excuse. One whose first call is given up before
 * that goes on as if the step, which changes nothing, had come just before: that is another way, and noted there.
 */
export class Beginnings {
  /** Who listens is exact as of what it has heard when the read begins. */
  listening: Listening | undefined;
  private open: Start | undefined;

  constructor(private readonly around: { readonly constant: ReadonlySet<string>; readonly shared: Shared }) {}

  /** Resolves to what is visible when the next read begins, where that is worth knowing. */
  wait(stage: Stage): Promise<readonly number[]> {
    const { listening, around } = this;
    return stage.pace('reads on', () => (listening === undefined ? [] : around.shared.database.visible));
  }

  /** For the read that begins now. */
  note(visible: readonly number[]): Start {
    return (this.open = { applied: this.listening?.heard ?? [], visible });
  }

  on(pace: Pace, unheard = never): Pace {
    const { shared, constant } = this.around;
    return async (step, work) => {
      const start = this.open;
      this.open = undefined;
      if (start === undefined || constant.has(step)) {
        const result = await pace(step, work);
        this.open = start;
        return result;
      }
      const { now, result } = await pace(step, () => {
        const { appliedXids: applied, database } = shared;
        return { now: { applied, visible: database.visible }, result: work() };
      });
      const { visible } = now;
      if (!unheard()) Object.assign(start, this.listening === undefined ? now : { visible });
      return result;
    };
  }
}
