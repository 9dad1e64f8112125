import { type Query, type SourceRow, type Statement } from '@freshet/cache-engine';

/**
 * The rows of a statement, so many at a time, the next when they are asked for: neither this process nor one FETCH ever holds all of them,
 * and the statement time-out counts for each FETCH alone. The cursor lives in the transaction of `query` and ends with it.
 */
export async function* batches(
  { name, text, values }: Statement,
  size: number,
  query: Query,
): AsyncGenerator<readonly SourceRow[], void, undefined> {
  await query({ name, text: `DECLARE "${name}" NO SCROLL CURSOR FOR ${text}`, values });
  let rows: readonly SourceRow[];
  do {
    rows = await query({ name: `${name}.fetch`, text: `FETCH ${size} FROM "${name}"`, values: [] });
    if (rows.length > 0) yield rows;
  } while (rows.length === size);
  await query({ name: `${name}.close`, text: `CLOSE "${name}"`, values: [] });
}
