import { roundHalfEven } from '../../../values.js';
import { type Exact, exact, exactNumber, exactText } from '../exact.js';

/** Rounded half to even, still exact: rounded figures are added up. */
export function rounded(value: Exact): Exact {
  return exact(roundHalfEven(exactText(value), 2));
}

export function roundedNumber(value: Exact): number {
  return exactNumber(rounded(value));
}
