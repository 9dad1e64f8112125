import { digest } from '@freshet/cache-keys';

/** What a choice touches. Two that touch nothing in common may come in either order and end in the same state. */
export interface Deed {
  /** The same deed has the same name in every order in which it can come. */
  readonly id: string;
  readonly process: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** One thing that may happen next. */
export interface Choice extends Deed {
  readonly label: string;
  readonly take: () => void;
}

/** Something that runs real code, stops before every step, and goes on as it is told. Deterministic: the same choices, the same end. */
export interface World {
  /** Takes a step that is not worth a choice, if there is one. */
  takeConstant(): boolean;
  choices(): readonly Choice[];
  /** Equal texts promise equal futures: all that is stored, and all that each process has heard so far. */
  fingerprint(): string;
  /** What is wrong by now; undefined while nothing is. */
  violation(): string | undefined;
}

export interface Violation {
  readonly what: string;
  /** Every step that led there. */
  readonly history: readonly string[];
}

export interface Exploration {
  readonly states: number;
  /** How often the code was run from the start. */
  readonly runs: number;
  readonly violation: Violation | undefined;
}

export interface ExploreOptions {
  /** Lets everything run that can run without another choice. */
  readonly settle: () => Promise<void>;
  /** Gives up beyond this many states: an exploration that is not complete proves nothing. */
  readonly mostStates: number;
}

/** Deeds that need not be done first here: the same states come up where they were. */
type Asleep = ReadonlyMap<string, Deed>;

interface Branch {
  readonly path: readonly string[];
  readonly asleep: Asleep;
}

/**
 * Visits every state that any order of choices can reach, depth first. Real code cannot be set back, so each branch is replayed from
 * the start. Two savings, both exact: a state reached before in another way is not followed again, and of two independent choices
 * only one order is tried (sleep sets: they leave out ways, never states).
 */
export async function explore(makeWorld: () => World, { settle, mostStates }: ExploreOptions): Promise<Exploration> {
  const slept = new Map<string, ReadonlySet<string>>();
  const branches: Branch[] = [{ path: [], asleep: new Map() }];
  let runs = 0;
  for (let branch = branches.pop(); branch !== undefined; branch = branches.pop()) {
    runs += 1;
    const world = makeWorld();
    const history = await replay(world, branch.path, settle);
    let { path, asleep } = branch;
    for (;;) {
      const what = world.violation();
      if (what !== undefined) return { states: slept.size, runs, violation: { what, history } };
      const todo = wakeful(world, asleep, slept);
      if (slept.size > mostStates)
        throw new RangeError(`more than ${mostStates} states: the exploration is incomplete`);
      const [first] = todo;
      if (first === undefined) break;
      for (let i = todo.length - 1; i > 0; i -= 1) branches.push(branchTo(path, asleep, todo, i));
      ({ path, asleep } = branchTo(path, asleep, todo, 0));
      history.push(first.label);
      first.take();
      await rest(world, settle);
    }
  }
  return { states: slept.size, runs, violation: undefined };
}

/** The choices to follow from here; those that an earlier visit followed are left out. */
function wakeful(world: World, asleep: Asleep, slept: Map<string, ReadonlySet<string>>): readonly Choice[] {
  const print = digest(world.fingerprint());
  const before = slept.get(print);
  slept.set(print, new Set([...asleep.keys()].filter((id) => before === undefined || before.has(id))));
  return world.choices().filter(({ id }) => !asleep.has(id) && (before === undefined || before.has(id)));
}

function branchTo(path: readonly string[], asleep: Asleep, todo: readonly Choice[], index: number): Branch {
  const choice = todo[index] as Choice;
  const earlier = todo.slice(0, index).map((other): [string, Deed] => [other.id, other]);
  const still = [...asleep, ...earlier].filter(([, other]) => independent(other, choice));
  return { path: [...path, choice.id], asleep: new Map(still) };
}

function independent(a: Deed, b: Deed): boolean {
  const touches = (one: Deed, other: Deed): boolean =>
    one.writes.some((what) => other.reads.includes(what) || other.writes.includes(what));
  return a.process !== b.process && !touches(a, b) && !touches(b, a);
}

/** Lets the code run, and the steps that are no choice, until only choices are left. */
async function rest(world: World, settle: () => Promise<void>): Promise<void> {
  do await settle();
  while (world.takeConstant());
}

async function replay(world: World, path: readonly string[], settle: () => Promise<void>): Promise<string[]> {
  const history: string[] = [];
  await rest(world, settle);
  for (const id of path) {
    const choice = world.choices().find((one) => one.id === id);
    if (choice === undefined) throw new RangeError(`${id} cannot be replayed: something is not deterministic`);
    history.push(choice.label);
    choice.take();
    await rest(world, settle);
  }
  return history;
}
