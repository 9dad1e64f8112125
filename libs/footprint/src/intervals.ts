/** The numbers from `index` × 2^level on, 2^level of them. */
export interface Interval {
  readonly level: number;
  readonly index: number;
}

/** More intervals cost a tag each; fewer make the ends of a range rougher. The residual makes them exact again. */
const MOST_INTERVALS = 8;
const MOST_NEIGHBOURS = 6;

/** Each level in use is a look-up for every row: ranges of similar lengths share one. */
const LEVELS_APART = 2;

/** Of very long ranges the last binary digits are not even looked at. */
const DIGITS = 20;

/** Intervals beside each other that cover lo…hi, both included; of one level, which the length alone decides. Whole numbers, of 53 bits at most. */
export function coverSpan(lo: number, hi: number): readonly Interval[] {
  let level = 0;
  while (Math.floor((hi - lo) / 2 ** level) + 2 > MOST_NEIGHBOURS) level += LEVELS_APART;
  const [first, last] = [lo, hi].map((end) => Math.floor(end / 2 ** level)) as [number, number];
  return Array.from({ length: last - first + 1 }, (_, i) => ({ level, index: first + i }));
}

/**
 * Dyadic intervals of several levels that cover lo…hi, both included; rounded outwards until they are few. For a range that goes on to
 * where there are no more values: intervals of one length would be as rough at its end as all of it is long.
 */
export function coverReach(lo: number, hi: number): readonly Interval[] {
  for (let grain = Math.max(0, Math.floor(Math.log2(hi - lo + 1)) - DIGITS); ; grain += 1) {
    const size = 2 ** grain;
    const cover = exactCover(Math.floor(lo / size) * size, (Math.floor(hi / size) + 1) * size);
    if (cover.length <= MOST_INTERVALS) return cover;
  }
}

function exactCover(from: number, to: number): readonly Interval[] {
  const cover: Interval[] = [];
  let at = from;
  while (at < to) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1;
    cover.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return cover;
}
