import { bytesOf, isDigit, plainEnd } from './json-scan.js';
import { eachMember } from './known-json.js';
import { LoggedRow, plainText, type Span, valueAt } from './logged-row.js';
import { MemberPlaces, standsAt } from './member-places.js';
import { type Row, type RowChange } from './row-change.js';

const NULL = bytesOf('null');
const SAFE_DIGITS = 15;
const [QUOTE] = bytesOf('"');
/** Longer ones are decoded faster than they are put together. */
const SHORT_TEXT = 256;

export type Values = readonly unknown[];

/** A few columns of row images, read without the others where the image is still the bytes of its record. */
export class ImageColumns {
  private readonly visit: Visit;

  /** @param required columns of which no whole row has a null. */
  constructor(
    private readonly columns: readonly string[],
    private readonly required: readonly string[],
  ) {
    this.visit = new Visit(columns, required);
  }

  /**
   * The values in the order of the columns, undefined for one that is not there. Undefined where there is no image, 'torn' where a
   * required column is null.
   */
  read(change: RowChange, side: 'before' | 'after'): Values | 'torn' | undefined {
    const place = change instanceof LoggedRow ? change.placeOf(side) : undefined;
    return (place && this.fromBytes(place.bytes, place.span)) ?? this.fromRow(change[side]);
  }

  /** Undefined where only the whole row tells: a name that comes twice. */
  private fromBytes(bytes: Uint8Array, span: Span): Values | 'torn' | undefined {
    const { visit } = this;
    visit.over(bytes);
    if (!eachMember(bytes, span, visit)) return undefined;
    if (visit.torn) return 'torn';
    return this.columns.map((_, i) => {
      const from = visit.places.fromOf(i);
      return from === -1 ? undefined : simpleValueAt(bytes, from, visit.places.toOf(i));
    });
  }

  private fromRow(row: Row | undefined): Values | 'torn' | undefined {
    if (row === undefined) return undefined;
    if (this.required.some((column) => row[column] === null)) return 'torn';
    return this.columns.map((column) => (Object.hasOwn(row, column) ? row[column] : undefined));
  }
}

class Visit {
  readonly places: MemberPlaces;
  torn = false;
  private readonly required: readonly (readonly number[])[];
  private bytes: Uint8Array = new Uint8Array();

  constructor(columns: readonly string[], required: readonly string[]) {
    this.places = new MemberPlaces(columns);
    this.required = required.map(bytesOf);
  }

  over(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.places.over(bytes);
    this.torn = false;
  }

  member(nameFrom: number, nameTo: number, from: number, to: number): boolean {
    if (standsAt(this.bytes, from, to, NULL)) {
      this.torn ||= this.required.some((name) => standsAt(this.bytes, nameFrom, nameTo, name));
    }
    return this.places.member(nameFrom, nameTo, from, to);
  }
}

/** Whole numbers, which nearly all keys are, and plain texts without a parser. */
function simpleValueAt(bytes: Uint8Array, from: number, to: number): unknown {
  if (isDigit(bytes[from]) && to - from <= SAFE_DIGITS) {
    let value = 0;
    let at = from;
    for (; at < to && isDigit(bytes[at]); at += 1) value = value * 10 + (bytes[at] as number) - 0x30;
    if (at === to) return value;
  }
  if (bytes[from] === QUOTE && to - from <= SHORT_TEXT && plainEnd(bytes, from + 1) === to - 1) {
    return plainText(bytes, { from: from + 1, to: to - 1 });
  }
  return valueAt(bytes, { from, to });
}
