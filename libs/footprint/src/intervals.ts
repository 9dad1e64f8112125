/** The numbers from `index` × 2^level on, 2^level of them. */
export interface Interval {
  readonly level: number;
  readonly index: number;
}

/** More intervals cost a tag each; fewer make the ends of a range rougher. The residual makes them exact again. */
const MOST_INTERVALS = 8;

/** Of very long ranges the last binary digits are not even looked at. */
const DIGITS = 20;

/** Dyadic intervals that cover lo…hi, both included; rounded outwards until they are few. Whole numbers, of 53 bits at most. */
export function coverRange(lo: number, hi: number): readonly Interval[] {
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
