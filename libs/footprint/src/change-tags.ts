import { tag, type Scheme, type SchemePart, type Tag } from '@freshet/cache-keys';
import type { RowChange } from '@freshet/row-change';
import type { ColumnFacts, TableFacts } from './catalog.js';
import { imagesOf, type Image } from './images.js';
import { layoutOf } from './layout.js';
import { canonicalText } from './types/families.js';
import { ordinalOf } from './types/ordinal.js';
import { isKnown } from './types/value.js';

/**
 * The tags under which reads that a change may affect are listed: one per scheme and image.
 * @param schemes those registered for the root of the change's table.
 * @returns 'whole-table' where a needed value is not known: every entry of the table is a candidate.
 */
export function changeTags(
  schemes: readonly Scheme[],
  change: RowChange,
  facts: TableFacts | undefined,
): readonly Tag[] | 'whole-table' {
  if (facts === undefined) return 'whole-table';
  const { before, after } = imagesOf(change, facts);
  const { columns } = layoutOf(facts);
  const tags = new Set<Tag>();
  for (const scheme of schemes) {
    // Only tables that have the column can be read by it: of partitions and heirs some may not.
    if (!scheme.parts.every((part) => columns.has(part.column))) continue;
    for (const image of [before, after]) {
      const own = image === undefined ? undefined : tagOf(scheme, image, columns);
      if (own === 'unknown') return 'whole-table';
      if (own !== undefined) tags.add(own);
    }
  }
  return [...tags];
}

function tagOf(scheme: Scheme, image: Image, columns: ReadonlyMap<string, ColumnFacts>): Tag | 'unknown' {
  const values: (string | null)[] = [];
  for (const part of scheme.parts) {
    const value = partValue(part, image, columns.get(part.column));
    if (value === undefined) return 'unknown';
    values.push(value);
  }
  return tag(scheme, values);
}

function partValue(
  { column, keying }: SchemePart,
  image: Image,
  facts: ColumnFacts | undefined,
): string | null | undefined {
  const value = image.value(column);
  if (value === null) return null;
  if (!isKnown(value) || facts === undefined) return undefined;
  if (keying.kind === 'value') return canonicalText(facts.type, value);
  if (keying.kind === 'prefix')
    return typeof value === 'string' ? [...value].slice(0, keying.length).join('') : undefined;
  const ordinal = ordinalOf(facts.type, value);
  return ordinal === undefined ? undefined : String(Math.floor(ordinal / 2 ** keying.level));
}
