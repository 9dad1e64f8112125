import { keptWith, UNAVAILABLE, type RowChange, type Values } from '@freshet/row-change';
import type { TableFacts } from './catalog.js';
import { KnownColumns } from './known-columns.js';
import { layoutOf } from './layout.js';
import { fromLog } from './types/from-log.js';
import { UNKNOWN, type Value } from './types/value.js';

interface Columns {
  readonly places: ReadonlyMap<string, number>;
  /** Undefined for a column that the table does not have. */
  readonly types: readonly (string | undefined)[];
}

/** Some columns of one image of a row, as far as they are known: raw values as logged, decoded on demand. */
export class Image {
  private readonly decoded: (Value | undefined)[] = [];

  constructor(
    private readonly values: Values,
    private readonly columns: Columns,
  ) {}

  /** The value as logged; undefined where it is not known. */
  raw(column: string): unknown {
    const value = this.values[this.columns.places.get(column) ?? -1];
    return value === UNAVAILABLE ? undefined : value;
  }

  value(column: string): Value {
    const place = this.columns.places.get(column);
    if (place === undefined) return UNKNOWN;
    const known = this.decoded[place];
    if (known !== undefined) return known;
    const type = this.columns.types[place];
    const value = type === undefined ? UNKNOWN : fromLog(type, this.raw(column));
    this.decoded[place] = value;
    return value;
  }
}

export interface Images {
  /** Undefined: there was no such row (an insert has none before, a delete none after). */
  readonly before: Image | undefined;
  readonly after: Image | undefined;
}

/** What a statement asks of the changes of one table, and nothing beside it. */
export class KnownImages {
  private readonly known: KnownColumns;
  private readonly columns: Columns;

  constructor(wanted: readonly string[], facts: TableFacts) {
    const { columns } = layoutOf(facts);
    this.known = new KnownColumns(wanted, facts);
    this.columns = {
      places: new Map(wanted.map((column, i) => [column, i])),
      types: wanted.map((column) => columns.get(column)?.type),
    };
  }

  of(change: RowChange): Images {
    return keptWith(change, this, () => ({
      before: this.image(this.known.before(change)),
      after: this.image(this.known.after(change)),
    }));
  }

  private image(values: Values | undefined): Image | undefined {
    return values && new Image(values, this.columns);
  }
}
