import type { TypeName } from '../catalog.js';
import { trimBlanks } from './blanks.js';
import type { Value } from './value.js';

/** Ranges of whole steps (int4range, int8range, daterange), made canonical: from `lo` up to, not including, `hi`; null is open. */
export class Range {
  constructor(
    readonly lo: bigint | null,
    readonly hi: bigint | null,
    readonly empty: boolean,
  ) {}

  key(): string {
    return this.empty ? 'empty' : `[${this.lo ?? ''},${this.hi ?? ''})`;
  }

  holds(x: bigint): boolean {
    return !this.empty && (this.lo === null || x >= this.lo) && (this.hi === null || x < this.hi);
  }

  overlaps(other: Range): boolean {
    if (this.empty || other.empty) return false;
    return (
      (this.lo === null || other.hi === null || this.lo < other.hi) &&
      (other.lo === null || this.hi === null || other.lo < this.hi)
    );
  }

  contains(other: Range): boolean {
    if (other.empty) return true;
    if (this.empty) return false;
    const low = this.lo === null || (other.lo !== null && other.lo >= this.lo);
    return low && (this.hi === null || (other.hi !== null && other.hi <= this.hi));
  }
}

/** The type of a range's bounds; undefined for ranges that have no steps. */
export function boundType(type: TypeName): TypeName | undefined {
  return { int4range: 'int4', int8range: 'int8', daterange: 'date' }[type];
}

export function parseRange(text: string, bound: (text: string) => Value): Range | undefined {
  const t = trimBlanks(text);
  if (/^empty$/i.test(t)) return new Range(null, null, true);
  const m = /^([[(])"?([^",]*?)"?,"?([^",]*?)"?([\])])$/.exec(t);
  if (m === null) return undefined;
  const [low, high] = [m[2] ?? '', m[3] ?? ''].map((end) => (end === '' ? null : bound(end)));
  if ((low !== null && typeof low !== 'bigint') || (high !== null && typeof high !== 'bigint')) return undefined;
  const lo = low !== null && m[1] === '(' ? low + 1n : low;
  const hi = high !== null && m[4] === ']' ? high + 1n : high;
  return lo !== null && hi !== null && lo >= hi ? new Range(null, null, true) : new Range(lo, hi, false);
}
