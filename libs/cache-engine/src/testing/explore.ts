/** One thing that may happen next, and what is then. */
export interface Step<State> {
  readonly label: string;
  readonly to: State;
}

/** All states that something can be in, told step by step. */
export interface World<State> {
  begin(): Promise<State>;
  next(state: State): Promise<readonly Step<State>[]>;
  /** Equal keys promise equal futures. */
  keyOf(state: State): string;
  /** What is wrong in this state; undefined where nothing is. */
  violation(state: State): string | undefined;
}

export interface Violation {
  readonly what: string;
  /** The fewest steps that lead there. */
  readonly history: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly violation: Violation | undefined;
}

interface Reached<State> extends Step<State> {
  readonly from: Reached<State> | undefined;
}

/** Visits every state that any order of steps can reach, nearest first. */
export async function explore<State>(world: World<State>, mostStates: number): Promise<Exploration> {
  const known = new Set<string>();
  const reached: Reached<State>[] = [];
  const reach = (step: Step<State>, from?: Reached<State>): void => {
    const key = world.keyOf(step.to);
    if (known.has(key)) return;
    known.add(key);
    reached.push({ ...step, from });
  };
  reach({ label: 'begins', to: await world.begin() });
  // What is reached on the way is visited in its turn.
  for (const one of reached) {
    const what = world.violation(one.to);
    if (what !== undefined) return { states: known.size, violation: { what, history: historyOf(one) } };
    if (known.size > mostStates) throw new RangeError(`more than ${mostStates} states: the exploration is incomplete`);
    for (const step of await world.next(one.to)) reach(step, one);
  }
  return { states: known.size, violation: undefined };
}

function historyOf<State>(last: Reached<State>): string[] {
  const labels: string[] = [];
  for (let one = last; one.from !== undefined; one = one.from) labels.unshift(one.label);
  return labels;
}
