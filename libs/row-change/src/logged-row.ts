import { parseLossless } from './lossless-json.js';
import { type Row, type RowChange, type TableRef } from './row-change.js';
import { markUnavailable, mayHoldUnavailable } from './unavailable.js';

/** Where an image stands in the bytes of its record. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A row change whose images are read when somebody asks for them: most changes match nothing, and tables without readers are not looked into. */
export class LoggedRow implements RowChange {
  readonly kind = 'row';
  private images: Pick<RowChange, 'before' | 'after'> | undefined;

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
    return this.read().before;
  }

  get after(): Row | undefined {
    return this.read().after;
  }

  /** Where an image stands that nobody has read yet. */
  placeOf(side: 'before' | 'after'): { readonly bytes: Uint8Array; readonly span: Span } | undefined {
    const { record, images } = this;
    const span = record[side];
    return images !== undefined || span === undefined ? undefined : { bytes: record.bytes, span };
  }

  private read(): Pick<RowChange, 'before' | 'after'> {
    const { bytes, before, after } = this.record;
    return (this.images ??= { before: before && rowAt(bytes, before), after: after && rowAt(bytes, after) });
  }
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
