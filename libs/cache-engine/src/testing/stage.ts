import { StoreUnavailable } from '../errors.js';
import { type Choice } from './explore.js';
import { textOf } from './memory-state.js';
import { type Pace } from './memory-store.js';

/** What each step of the store and of the database reads and writes; a step that is not listed may touch anything. */
const TOUCHES: Readonly<Record<string, { readonly reads?: readonly string[]; readonly writes?: readonly string[] }>> = {
  'get entry': { reads: ['slots', 'applied', 'visible'] },
  'get control': { reads: ['control', 'applied', 'visible'] },
  'get entries': { reads: ['slots'] },
  'take lease': { writes: ['slots'] },
  'extend lease': { writes: ['slots'] },
  'release lease': { writes: ['slots'] },
  'list under tag': { writes: ['tags'] },
  'get tag sets': { reads: ['tags'] },
  'drop listings': { writes: ['tags'] },
  'get position': { reads: ['fence'] },
  'write fence': { writes: ['fence'] },
  judge: { writes: ['fence'] },
  fill: { writes: ['slots', 'fence'] },
  delete: { writes: ['slots'] },
  publish: { writes: ['applied', 'control'] },
  'take snapshot': { reads: ['visible'] },
  'is logged': { writes: ['log'] },
  'is visible': { writes: ['visible'] },
  'commits offset': { writes: ['committed'] },
};
export const EVERYTHING = ['slots', 'applied', 'visible', 'tags', 'fence', 'log', 'committed', 'control'];
const ANYTHING = { writes: EVERYTHING };

interface Waiting extends Choice {
  readonly actor: Actor;
  readonly step: string;
  readonly ready: () => boolean;
}

/** What one process has heard so far, in order. Code that is deterministic can be in one state only after it. */
export class Process {
  private readonly heard: unknown[] = [];
  private text = '';
  private read = 0;
  steps = 0;

  hear(what: unknown): void {
    this.heard.push(what);
  }

  /** Written out when it is asked for only: most of the time a way is merely gone again. */
  get memory(): string {
    for (; this.read < this.heard.length; this.read += 1) this.text += `|${textOf(this.heard[this.read])}`;
    return this.text;
  }
}

/** One line of execution, which stops before every step. */
export interface Actor {
  readonly name: string;
  readonly process: Process;
  /** Ends the call in progress for the caller alone, as a time-out does. */
  giveUp: (() => void) | undefined;
}

/** Holds back every step of every actor until it is chosen. */
export class Stage {
  private waiting: Waiting[] = [];
  private readonly gone = new Set<Actor>();

  /**
   * @param constant steps whose answers cannot change here: they are taken at once, as any other order ends the same.
   * @param timeouts how many calls may end early for their caller.
   */
  constructor(
    private readonly constant: ReadonlySet<string>,
    private timeouts: number,
  ) {}

  enter(name: string, process = new Process()): Actor {
    return { name, process, giveUp: undefined };
  }

  /** The actor is never heard of again; what it has not done yet is not done. */
  kill(actor: Actor): void {
    this.gone.add(actor);
    this.waiting = this.waiting.filter((waiting) => waiting.actor !== actor);
  }

  pace(actor: Actor, ready: () => boolean = () => true): Pace {
    return (step, work) =>
      new Promise((resolve, reject) => {
        if (this.gone.has(actor)) return;
        const take = (): void => {
          this.waiting = this.waiting.filter((other) => other !== waiting);
          try {
            const result = work();
            actor.process.hear([actor.name, step, result]);
            resolve(result);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        const { name, process } = actor;
        process.steps += 1;
        const { reads = [], writes = [] } = TOUCHES[step] ?? { reads: [], ...ANYTHING };
        const id = `${name} ${process.steps}`;
        const waiting = { id, label: `${name}: ${step}`, process: name, reads, writes, take, actor, step, ready };
        this.waiting.push(waiting);
      });
  }

  /** Steps that change and learn nothing are not worth a choice. */
  takeConstant(): boolean {
    const found = this.waiting.find((waiting) => this.constant.has(waiting.step) && waiting.ready());
    found?.take();
    return found !== undefined;
  }

  choices(): Choice[] {
    const steps = this.waiting.filter((waiting) => waiting.ready());
    return this.timeouts > 0 ? [...steps, ...this.timeoutChoices()] : steps;
  }

  get fingerprint(): string {
    const places = this.waiting.map(({ id, step }) => `${id} ${step}`).sort();
    const memories = new Set(this.waiting.map(({ actor }) => actor.process.memory));
    return [...places, ...[...memories].sort(), this.timeouts].join('\n');
  }

  /** The same store, but each call may end early for its caller while its steps still come. */
  impatient<T extends object>(store: T, actor: Actor): T {
    return new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name, target);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => {
          const answer: unknown = method.apply(target, args);
          return answer instanceof Promise ? this.orTimeout(answer, actor) : answer;
        };
      },
    });
  }

  private orTimeout(answer: Promise<unknown>, actor: Actor): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        actor.process.hear([actor.name, 'nothing']);
        actor.giveUp = undefined;
        reject(new StoreUnavailable(new Error('time-out')));
      };
      actor.giveUp = giveUp;
      const done = (): void => {
        if (actor.giveUp === giveUp) actor.giveUp = undefined;
      };
      answer.finally(done).then(resolve, reject);
    });
  }

  private timeoutChoices(): Choice[] {
    return [...new Set(this.waiting.map(({ actor }) => actor))].flatMap((actor) => {
      const { giveUp, name } = actor;
      if (giveUp === undefined) return [];
      const take = (): void => {
        this.timeouts -= 1;
        giveUp();
      };
      return { id: `${name} T`, label: `${name}: hears nothing`, process: name, reads: [], ...ANYTHING, take };
    });
  }
}
