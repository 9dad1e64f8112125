import { parseLossless } from './lossless-json.js';
import { type Row, type RowChange, type TableRef, UNAVAILABLE } from './row-change.js';
import { isPlaceholder, markUnavailable, mayHoldUnavailable } from './unavailable.js';

/** Where an image stands in the bytes of its record. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A row change whose images are read when somebody asks for them: most changes match nothing, and tables without readers are not looked into. */
export class LoggedRow implements RowChange {
  readonly kind = 'row';
  private rowBefore: Row | undefined;
  private rowAfter: Row | undefined;
  private notes: Map<object, unknown> | undefined;

  constructor(
    readonly op: RowChange['op'],
    readonly table: TableRef,
    readonly xid: number,
    readonly commitMs: number,
    private readonly record: {
      readonly lsn: number;
      /** Known to be JSON, and UTF-8. */
      readonly bytes: Uint8Array;
      readonly before: Span | undefined;
      readonly after: Span | undefined;
    },
  ) {}

  get lsn(): bigint {
    return BigInt(this.record.lsn);
  }

  get before(): Row | undefined {
    return (this.rowBefore ??= this.read('before'));
  }

  get after(): Row | undefined {
    return (this.rowAfter ??= this.read('after'));
  }

  /** Where an image stands that nobody has read yet. */
  placeOf(side: 'before' | 'after'): { readonly bytes: Uint8Array; readonly span: Span } | undefined {
    const span = this.record[side];
    const read = side === 'before' ? this.rowBefore : this.rowAfter;
    return read !== undefined || span === undefined ? undefined : { bytes: this.record.bytes, span };
  }

  /** What others keep with the change, each under an object of its own. */
  get kept(): Map<object, unknown> {
    return (this.notes ??= new Map());
  }

  private read(side: 'before' | 'after'): Row | undefined {
    const span = this.record[side];
    return span && rowAt(this.record.bytes, span);
  }
}

const keptElsewhere = new WeakMap<RowChange, Map<object, unknown>>();

/** What `make` makes of a change, once for as long as the change lives: many entries ask the same of it. */
export function keptWith<T>(change: RowChange, by: object, make: () => T): T {
  const kept = change instanceof LoggedRow ? change.kept : elsewhere(change);
  const known = kept.get(by) as T | undefined;
  if (known !== undefined) return known;
  const made = make();
  kept.set(by, made);
  return made;
}

function elsewhere(change: RowChange): Map<object, unknown> {
  const known = keptElsewhere.get(change);
  if (known !== undefined) return known;
  const made = new Map<object, unknown>();
  keptElsewhere.set(change, made);
  return made;
}

function rowAt(bytes: Uint8Array, { from, to }: Span): Row {
  const text = utf8.decode(bytes.subarray(from, to));
  const row = parseLossless(text, (parsed) => [parsed]) as Record<string, unknown>;
  if (mayHoldUnavailable(text)) markUnavailable(row);
  return row;
}

/** One value of an image, as the whole row has it. */
export function valueAt(bytes: Uint8Array, { from, to }: Span): unknown {
  const text = utf8.decode(bytes.subarray(from, to));
  const row = { value: parseLossless(text, (parsed) => [parsed]) };
  if (mayHoldUnavailable(text)) markUnavailable(row);
  return row.value;
}

/** A text of which every byte stands for itself. */
export function plainText(bytes: Uint8Array, { from, to }: Span): unknown {
  const text = utf8.decode(bytes.subarray(from, to));
  return isPlaceholder(text) ? UNAVAILABLE : text;
}
