import { type SourceRow } from '@freshet/cache-engine';
import { dateTime } from '../../values.js';

/** A column as text or null. @throws RangeError for one that was not selected: a fault of the view, not of the data */
export function maybeText(row: SourceRow, column: string): string | null {
  const value = row[column];
  if (value === undefined) throw new RangeError(`column ${column} was not selected`);
  return value;
}

/** A column that cannot be NULL. */
export function text(row: SourceRow, column: string): string {
  const value = maybeText(row, column);
  if (value === null) throw new RangeError(`column ${column} is NULL`);
  return value;
}

export function number(row: SourceRow, column: string): number {
  return Number(text(row, column));
}

export function maybeNumber(row: SourceRow, column: string): number | null {
  const value = maybeText(row, column);
  return value === null ? null : Number(value);
}

export function time(row: SourceRow, column: string): string {
  return dateTime(text(row, column));
}

/** The rows of a statement with `= ANY`, by the column they were asked for. */
export function byColumn(rows: readonly SourceRow[], column: string): ReadonlyMap<string, SourceRow> {
  return new Map(rows.map((row) => [text(row, column), row]));
}

/** Rows under each value of a column, in the order in which they came. */
export function grouped(rows: readonly SourceRow[], column: string): ReadonlyMap<string, readonly SourceRow[]> {
  const groups = new Map<string, SourceRow[]>();
  for (const row of rows) {
    const key = text(row, column);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** The row of a statement that always has one, as an aggregate without groups. @throws RangeError */
export function onlyRow(rows: readonly SourceRow[]): SourceRow {
  const [row] = rows;
  if (row === undefined) throw new RangeError('a row was expected');
  return row;
}

/** A row that a foreign key or the same snapshot says is there. @throws RangeError */
export function rowAt<Row>(rows: ReadonlyMap<string, Row>, key: string): Row {
  const row = rows.get(key);
  if (row === undefined) throw new RangeError(`no row ${key}`);
  return row;
}
