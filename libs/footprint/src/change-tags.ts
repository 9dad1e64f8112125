import { tag, type Scheme, type Tag } from '@freshet/cache-keys';
import type { RowChange } from '@freshet/row-change';
import type { TableFacts } from './catalog.js';

/**
 * The tags under which reads that a change may affect are listed: one per scheme and image.
 * @param schemes those registered for the root of the change's table.
 * @returns 'whole-table' where a needed value is not known: every entry of the table is a candidate.
 */
export function changeTags(
  schemes: readonly Scheme[],
  _change: RowChange,
  facts: TableFacts | undefined,
): readonly Tag[] | 'whole-table' {
  if (facts === undefined || schemes.some((s) => s.parts.length > 0)) return 'whole-table';
  return schemes.map((scheme) => tag(scheme, []));
}
