import { textOf } from './memory-state.js';
import { MAIN, Stage } from './stage.js';

/** The code of one process. Deterministic: what it does follows from what it has heard. */
export interface Program {
  readonly name: string;
  /** Starts it. While nothing of it is in progress, what it will do follows from what the result tells. */
  readonly run: (stage: Stage) => () => unknown;
}

interface Heard {
  readonly id: string;
  readonly line: string;
  readonly what: unknown;
}

/** Equal numbers promise equal futures: of what the process will do, and of each call it has given up, whose end it does not hear. */
interface Past {
  readonly main: number;
  readonly asides: ReadonlyMap<string, number>;
}

/** How far a process has come. It stands there, before its next steps. */
export class Place {
  readonly following = new Map<string, Place>();

  constructor(
    readonly id: number,
    readonly program: Program,
    readonly stage: Stage,
    /** All it has heard, from the start. */
    readonly heard: readonly Heard[],
    readonly past: Past,
  ) {}
}

/** Steps before which nothing of a process is in progress. */
const RESTING: ReadonlySet<string> = new Set(['fetches', 'reads on', 'hears news', 'channel breaks', 'subscribes']);

/**
 * Every place that any process came to. Real code cannot be set back, so whoever goes on in a new way is run again from the start, and
 * stays there for all who come the same way. That is seldom: in most states of the world each process stands where it has stood before.
 */
export class Places {
  private readonly known = new Map<string, Place>();
  private readonly numbers = new Map<string, number>();

  /** @param settle until the code waits for nothing but its next steps */
  constructor(private readonly settle: () => Promise<void>) {}

  async begin(program: Program): Promise<Place> {
    const past = { main: this.number(program.name), asides: new Map<string, number>() };
    return this.known.get(keyOf(past)) ?? this.come(program, [], past);
  }

  /** Where the process stands after it heard what came of a step, or gave up a call. */
  async after(place: Place, id: string, what: unknown): Promise<Place> {
    const text = `${id} ${textOf(what)}`;
    const next = place.following.get(text) ?? (await this.goOn(place, { id, line: lineOf(place, id), what }, text));
    place.following.set(text, next);
    return next;
  }

  private async goOn({ program, stage, heard, past }: Place, last: Heard, text: string): Promise<Place> {
    const { main, asides } = past;
    const aside = asides.get(last.line);
    const call = stage.calls.get(last.id);
    const next = new Map(asides);
    if (aside !== undefined) next.set(last.line, this.number(`${aside} ${text}`));
    if (call !== undefined)
      next.set(last.id, this.number(textOf([call.what, heard.filter((h) => h.line === last.id)])));
    const then = { main: aside === undefined ? this.number(`${main} ${text}`) : main, asides: next };
    return this.known.get(keyOf(then)) ?? this.come(program, [...heard, last], then);
  }

  private async come(program: Program, heard: Place['heard'], past: Past): Promise<Place> {
    const stage = new Stage();
    const knowledge = program.run(stage);
    await this.settle();
    for (const { id, what } of heard) {
      stage.hear(id, what);
      await this.settle();
    }
    const lines = new Set([...stage.waiting.values()].map(({ line }) => line));
    const asides = new Map([...past.asides].filter(([line]) => lines.has(line)));
    const rest = restOf(stage, asides, knowledge);
    const main = rest === undefined ? past.main : this.number(`${program.name} ${rest}`);
    const key = keyOf({ main, asides });
    const place = this.known.get(key) ?? new Place(this.known.size, program, stage, heard, { main, asides });
    this.known.set(key, place);
    return place;
  }

  private number(text: string): number {
    const known = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, known);
    return known;
  }
}

function lineOf({ stage }: Place, id: string): string {
  return stage.waiting.get(id)?.line ?? MAIN;
}

function keyOf({ main, asides }: Past): string {
  return [main, ...[...asides.values()].sort()].join(' ');
}

/** What a process at rest will do follows from this. Undefined while something is in progress. */
function restOf(stage: Stage, asides: Past['asides'], knowledge: () => unknown): string | undefined {
  const steps = [...stage.waiting.values()].filter(({ line }) => !asides.has(line)).map(({ step }) => step);
  if (stage.wrong !== undefined || stage.calls.size > 0 || steps.some((step) => !RESTING.has(step))) return undefined;
  return steps.length === 0 ? 'is done' : textOf([steps, knowledge()]);
}
