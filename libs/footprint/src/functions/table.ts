import type { Value } from '../types/value.js';

/** A function that never sees null, unknown or failing arguments: those are answered before it is asked. */
export type Strict = (...args: never[]) => Value;
/** A function that takes any value as it comes. */
export type Lenient = (args: readonly Value[]) => Value;

export interface Table {
  readonly strict: Readonly<Record<string, Strict>>;
  readonly lenient: Readonly<Record<string, Lenient>>;
}
