import { close } from './equalities.js';
import { reduceOuterJoins } from './nullness.js';
import { restrict } from './restrict.js';
import { pushThrough } from './through.js';

/** The rules by which conditions travel to tables, as a table: tests replace one by a wrong one and see the conformance suite go red. */
export interface Rules {
  readonly reduceOuterJoins: typeof reduceOuterJoins;
  readonly pushThrough: typeof pushThrough;
  readonly close: typeof close;
  readonly restrict: typeof restrict;
  /** Whether a condition guards against failures, given that PostgreSQL is known to test it first. */
  readonly guards: (testedFirst: boolean) => boolean;
}

export const RULES: Rules = { reduceOuterJoins, pushThrough, close, restrict, guards: (testedFirst) => testedFirst };
