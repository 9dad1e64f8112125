import { ImageColumns, UNAVAILABLE, type Row, type RowChange, type Values } from '@freshet/row-change';
import type { TableFacts } from './catalog.js';
import { knownRows, rawOf } from './images.js';
import { layoutOf } from './layout.js';

/** What is surely true of some columns of a table before and after a change, as logged. The same as `knownRows` says, without the rest. */
export class KnownColumns {
  private readonly whole: ImageColumns;
  private readonly any: ImageColumns;

  constructor(
    private readonly columns: readonly string[],
    private readonly facts: TableFacts,
  ) {
    this.whole = new ImageColumns(columns, layoutOf(facts).required);
    this.any = new ImageColumns(columns, []);
  }

  /** Undefined: there was no such row. */
  before(change: RowChange): Values | undefined {
    if (change.op === 'insert') return undefined;
    const values = this.facts.identity === 'full' ? this.whole.read(change, 'before') : undefined;
    return values === undefined || values === 'torn' ? this.pick(knownRows(change, this.facts).before) : values;
  }

  after(change: RowChange): Values | undefined {
    if (change.op === 'delete') return undefined;
    const values = this.any.read(change, 'after');
    if (values === undefined || values === 'torn' || values.includes(UNAVAILABLE))
      return this.pick(knownRows(change, this.facts).after);
    return values;
  }

  private pick(row: Row | undefined): Values | undefined {
    return row && this.columns.map((column) => rawOf(row, column));
  }
}
