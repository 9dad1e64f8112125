import { tableName, type TableName } from '@freshet/cache-keys';
import type { Catalog, TableFacts } from '@freshet/footprint';
import { UNAVAILABLE, type Row, type RowChange } from '@freshet/row-change';

/** A row as it stood in a table, every stored column of it known. */
export interface WholeRow {
  readonly table: TableName;
  readonly row: Row;
}

/** The whole images of some changes, each once. */
export function wholeRows(changes: readonly RowChange[], catalog: Catalog): readonly WholeRow[] {
  const found = new Map<string, WholeRow>();
  for (const change of changes) {
    const table = tableName(change.table.schema, change.table.table);
    const facts = catalog.tables.get(table);
    const images = [facts?.identity === 'full' ? change.before : undefined, change.after];
    for (const row of images)
      if (facts !== undefined && row !== undefined && stored(facts).every((c) => known(row[c])))
        found.set(JSON.stringify([table, row]), { table, row });
  }
  return [...found.values()];
}

function known(value: unknown): boolean {
  return value !== undefined && value !== UNAVAILABLE;
}

export function stored(facts: TableFacts): readonly string[] {
  return facts.columns.filter((c) => c.generated === null).map((c) => c.name);
}

/** The row as SQL: a value of the table's own row type. Generated columns are left null. */
export function rowLiteral({ row }: WholeRow, facts: TableFacts): string {
  const field = ({ name, generated }: TableFacts['columns'][number]) => {
    const value = generated === null ? row[name] : null;
    return typeof value === 'string' ? `"${value.replace(/["\\]/g, '$&$&')}"` : '';
  };
  return `${quoted(`(${facts.columns.map(field).join(',')})`)}::${relation(facts)}`;
}

export function relation({ schema, table }: TableFacts): string {
  return `${identifier(schema)}.${identifier(table)}`;
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
