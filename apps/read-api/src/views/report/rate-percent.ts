import { type Exact, exact } from './exact.js';

const ONE = exact('1');

/** A stored rate is a fraction, but old rows hold percents: `0.0300` and `3.0000` are both 3 %. */
export function ratePercent(stored: string): number {
  const rate = Number(stored);
  return rate <= 1 ? rate * 100 : rate;
}

/** The same without the noise of doubles: 28, not 28.000000000000004. */
export function exactRatePercent(stored: string): Exact {
  const rate = exact(stored);
  return rate <= ONE ? rate * 100n : rate;
}
