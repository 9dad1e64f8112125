import { type Verdict } from './suite.js';

/** A view that gave no answer to measure, as where its statements take longer than they may. */
export class NotAnswered extends Error {}

export interface Attempts<T> {
  readonly measured: readonly T[];
  /** One that is missed for each view that did not answer: the others are measured all the same. */
  readonly missed: readonly Verdict[];
}

/** Measures one after the other. A view without an answer is a target that is missed, not the end of the run. */
export async function attemptEach<Input, T>(
  id: string,
  inputs: readonly Input[],
  measure: (input: Input) => Promise<T>,
): Promise<Attempts<T>> {
  const measured: T[] = [];
  const missed: Verdict[] = [];
  for (const input of inputs) {
    try {
      measured.push(await measure(input));
    } catch (error) {
      if (!(error instanceof NotAnswered)) throw error;
      missed.push({ id, target: 'every view answers', measured: error.message, met: false });
    }
  }
  return { measured, missed };
}
