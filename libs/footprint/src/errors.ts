import { firstPlace, ownPlace, placeOfLiteral } from './places.js';

/** Thrown inside the analysis by whoever knows what must not be cached; whoever knows where it stands makes it `Refused`. */
export class NotCacheable extends Error {
  constructor(
    readonly construct: string,
    readonly reason: string,
  ) {
    super(`${construct}: ${reason}`);
  }
}

/** The same with its place in the text; `analyse` makes it a refusal. */
export class Refused extends Error {
  constructor(
    readonly construct: string,
    readonly reason: string,
    readonly position: number,
  ) {
    super(`${construct}: ${reason}`);
  }
}

/** What must not be cached in here stands where this expression does, or where its literal that is named does. */
export function placed<T>(node: unknown, run: () => T): T {
  return placing(run, (construct) => placeOfLiteral(node, construct) ?? ownPlace(node));
}

/** The same for what has no place of its own: where the first of its parts stands. */
export function placedWithin<T>(tree: unknown, run: () => T): T {
  return placing(run, (construct) => placeOfLiteral(tree, construct) ?? firstPlace(tree));
}

function placing<T>(run: () => T, place: (construct: string) => number | undefined): T {
  try {
    return run();
  } catch (error) {
    const at = error instanceof NotCacheable ? place(error.construct) : undefined;
    throw error instanceof NotCacheable && at !== undefined ? new Refused(error.construct, error.reason, at) : error;
  }
}

/** Of another text (a view, a generated column): places in it are none in the statement. */
export function inside<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Refused || error instanceof NotCacheable)) throw error;
    throw new NotCacheable(`${error.construct} in ${where}`, error.reason);
  }
}
