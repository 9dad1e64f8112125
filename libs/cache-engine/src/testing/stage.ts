import { StoreUnavailable } from '../errors.js';
import { type Pace } from './memory-store.js';

/** A step before which real code stands, until it hears what came of it. */
interface Waiting {
  readonly step: string;
  /** The call whose step it is, where callers may give up. */
  readonly line: string;
  readonly ready: () => boolean;
  /** Carries the step out on what all processes share, and changes nothing else: it may be taken again, under other circumstances. */
  readonly work: () => unknown;
  readonly resolve: (heard: never) => void;
}

/** A call in progress. */
interface Call {
  /** What is asked, in full. */
  readonly what: readonly unknown[];
  /** Ends it for its caller alone, as a time-out does; its steps still come. */
  readonly giveUp: () => void;
}

const always = (): boolean => true;

/** The line of all steps that do not belong to a call of their own. */
export const MAIN = 'main';

/** Holds back every step of one run of a process. */
export class Stage {
  readonly waiting = new Map<string, Waiting>();
  readonly calls = new Map<string, Call>();
  /** What the process found wrong. */
  wrong: string | undefined;
  private steps = 0;
  private lines = 0;

  readonly pace: Pace = (step, work) => this.when(always, step, work);

  /** The step comes only where that is so. */
  when<T>(ready: () => boolean, step: string, work: () => T): Promise<T> {
    this.steps += 1;
    return this.wait(`${this.steps}`, { line: MAIN, step, ready, work });
  }

  /** The step was taken, or the call given up. */
  hear(id: string, what: unknown): void {
    const { resolve } = this.waiting.get(id) ?? {};
    this.waiting.delete(id);
    if (resolve === undefined) this.calls.get(id)?.giveUp();
    else resolve(what as never);
  }

  /** A store whose calls may end early for their caller. Each has a connection of its own. */
  impatient<T extends object>(connect: (pace: Pace, unheard: () => boolean) => T): T {
    return new Proxy(
      connect(this.pace, () => false),
      {
        get: (target, name) => {
          if (typeof Reflect.get(target, name, target) !== 'function')
            return Reflect.get(target, name, target) as unknown;
          return (...args: unknown[]) => {
            this.lines += 1;
            const line = `call ${this.lines}`;
            let steps = 0;
            const pace: Pace = (step, work) => this.wait(`${line}.${++steps}`, { line, step, ready: always, work });
            const own = connect(pace, () => !this.calls.has(line));
            const answer: unknown = (Reflect.get(own, name, own) as (...all: unknown[]) => unknown).apply(own, args);
            return answer instanceof Promise ? this.orTimeout(line, answer, [name, ...args]) : answer;
          };
        },
      },
    );
  }

  private wait<T>(id: string, waiting: Omit<Waiting, 'resolve'>): Promise<T> {
    return new Promise((resolve) => void this.waiting.set(id, { ...waiting, resolve }));
  }

  private orTimeout(line: string, answer: Promise<unknown>, what: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.calls.delete(line);
        reject(new StoreUnavailable(new Error('time-out')));
      };
      this.calls.set(line, { what, giveUp });
      answer.finally(() => this.calls.delete(line)).then(resolve, reject);
    });
  }
}
