import { close } from './equalities.js';
import { reduceOuterJoins } from './nullness.js';
import type { Select, SetOperation } from './query.js';
import { restrict } from './restrict.js';
import { pushThrough } from './through.js';
import { witness } from './ties.js';

/** The rules by which conditions travel to tables, as a table: tests replace one by a wrong one and see the conformance suite go red. */
export interface Rules {
  readonly reduceOuterJoins: typeof reduceOuterJoins;
  readonly pushThrough: typeof pushThrough;
  readonly close: typeof close;
  readonly restrict: typeof restrict;
  /** Whether a condition guards against failures, given that PostgreSQL is known to test it first. */
  readonly guards: (testedFirst: boolean) => boolean;
  /** Whether something may fail for some row, given what is known of it. */
  readonly mayFail: (may: boolean) => boolean;
  /** Whether conditions on the outputs of a set operation filter its arms. */
  readonly passesInto: (query: SetOperation) => boolean;
  /** Whether there is a row of aggregates though none passes WHERE. */
  readonly hasOwnRow: (select: Select) => boolean;
  /** What holds of some row where a sub-query is asked for with success. */
  readonly witness: typeof witness;
  /** Whether `x = ANY (…)` must hold, given that it is a condition of its own. */
  readonly mustHold: (conjunct: boolean) => boolean;
}

export const RULES: Rules = {
  reduceOuterJoins,
  pushThrough,
  close,
  restrict,
  guards: (testedFirst) => testedFirst,
  mayFail: (may) => may,
  // A limit cuts rows before the outer condition sees them; EXCEPT and INTERSECT may keep the other of two equal rows.
  passesInto: (query) => query.op === 'union' && !query.limited,
  hasOwnRow: (select) => select.aggregated && (select.group.length === 0 || select.groupingSets),
  witness,
  mustHold: (conjunct) => conjunct,
};
