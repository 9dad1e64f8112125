import { type Query, type SourceRow } from '@freshet/cache-engine';
import { type Sql } from 'sql-template-tag';
import { pageWindow, type PageWindow, type Paging } from '../../paging.js';
import { statement } from '../../statement.js';
import { byColumn, number, onlyRow, rowAt, text } from './columns.js';

/** What is found of a page; no rows where there is no such page. */
export interface PageOf {
  readonly count: number;
  readonly window: PageWindow | undefined;
  readonly rows: readonly SourceRow[];
}

export interface PageSql {
  /** Gives `count`. */
  readonly count: Sql;
  /** Gives the `id`s of the page, in order. */
  readonly ids: (window: PageWindow) => Sql;
  /** `ids` reads more tables than `count`: an empty list must not depend on them. */
  readonly joins?: boolean;
  /** Gives the rows with these ids, `id` among their columns, in any order. */
  readonly rows: (ids: readonly string[]) => Sql;
}

/**
 * Count, then the ids of the page, then its rows by id. The ids come alone so that a row on another page matters only when a column
 * changes that filters or orders. The first page is there whatever the count is, so both are asked together.
 * @param name of the list, in front of the names of its statements
 */
export async function pageOf(
  name: string,
  paging: Paging,
  { texts, query }: { texts: PageSql; query: Query },
): Promise<PageOf> {
  const asked = (window: PageWindow): Promise<readonly SourceRow[]> =>
    query(statement(`${name}.page`, texts.ids(window)));
  const first = paging.page === 1 && texts.joins !== true ? pageWindow(paging, 0) : undefined;
  const [counted, early] = await Promise.all([
    query(statement(`${name}.count`, texts.count)),
    first === undefined ? undefined : asked(first),
  ]);
  const count = number(onlyRow(counted), 'count');
  const window = pageWindow(paging, count);
  if (window === undefined || count === 0) return { count, window, rows: [] };
  const ids = (early ?? (await asked(window))).map((row) => text(row, 'id'));
  const rows = byColumn(await query(statement(`${name}.rows`, texts.rows(ids))), 'id');
  return { count, window, rows: ids.map((id) => rowAt(rows, id)) };
}
