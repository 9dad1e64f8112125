import type { Random } from '../demo-data/random.js';
import type { Fault } from './fault.js';

const TWO_AT_ONCE = 0.3;

/** Which faults come together, round after round. */
export type Plan = (all: readonly Fault[], random: Random) => Iterable<readonly Fault[]>;

/** By their weights, at times two at once. */
export function atRandom(minutes: number, only: (name: string) => boolean = () => true): Plan {
  return function* (all, random) {
    const chosen = all.filter(({ name }) => only(name));
    const endMs = Date.now() + minutes * 60_000;
    while (Date.now() < endMs) {
      const first = pick(chosen, random);
      const others = chosen.filter(({ target }) => target !== first.target);
      yield others.length > 0 && random.chance(TWO_AT_ONCE) ? [first, pick(others, random)] : [first];
    }
  };
}

/** Round after round of faults by their names, and then no more. */
export function inTurn(rounds: readonly (readonly string[])[]): Plan {
  return (all) => rounds.map((names) => names.map((name) => named(all, name)));
}

function named(all: readonly Fault[], name: string): Fault {
  const fault = all.find((one) => one.name === name);
  if (fault === undefined) throw new Error(`no fault is called "${name}"`);
  return fault;
}

function pick(faults: readonly Fault[], random: Random): Fault {
  let left = random.unit() * faults.reduce((sum, { weight }) => sum + weight, 0);
  const chosen = faults.find(({ weight }) => (left -= weight) < 0) ?? faults.at(-1);
  if (chosen === undefined) throw new Error('no fault to choose from');
  return chosen;
}
