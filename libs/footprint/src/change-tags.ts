import { type Scheme, type SchemePart, type Tag, tagsUnder } from '@freshet/cache-keys';
import type { RowChange, Values } from '@freshet/row-change';
import type { ColumnFacts, TableFacts } from './catalog.js';
import { KnownColumns } from './known-columns.js';
import { layoutOf } from './layout.js';
import { canonicalText, familyOf } from './types/families.js';
import { fromLog } from './types/from-log.js';
import { ordinalOf, spanOf } from './types/ordinal.js';
import { isKnown } from './types/value.js';

/**
 * The tags under which reads that a change may affect are listed: one per scheme and image. 'whole-table' where a needed value is not
 * known: every entry of the table is a candidate.
 */
export type TagsOfChange = (change: RowChange) => readonly Tag[] | 'whole-table';

/** One column as a scheme reads it, by its place among the columns that are read. */
interface Part {
  readonly index: number;
  readonly textOf: (raw: unknown) => string | null | undefined;
}

interface Tagger {
  readonly parts: readonly Part[];
  readonly tag: (values: readonly (string | null)[]) => Tag;
}

/** @param schemes those registered for the root of the table. */
export function tagsUnderSchemes(schemes: readonly Scheme[], facts: TableFacts | undefined): TagsOfChange {
  if (facts === undefined) return () => 'whole-table';
  const { columns } = layoutOf(facts);
  // Only tables that have the column can be read by it: of partitions and heirs some may not.
  const usable = schemes.filter((scheme) => scheme.parts.every((part) => columns.has(part.column)));
  // Rows that nobody asks for are not read.
  if (usable.length === 0) return () => [];
  const wanted = [...new Set(usable.flatMap((scheme) => scheme.parts.map((part) => part.column)))];
  const taggers = usable.map((scheme) => taggerOf(scheme, wanted, columns));
  const images = new KnownColumns(wanted, facts);
  return (change) => tagsOf(taggers, images.before(change), images.after(change));
}

export function changeTags(
  schemes: readonly Scheme[],
  change: RowChange,
  facts: TableFacts | undefined,
): readonly Tag[] | 'whole-table' {
  return tagsUnderSchemes(schemes, facts)(change);
}

function tagsOf(
  taggers: readonly Tagger[],
  before: Values | undefined,
  after: Values | undefined,
): readonly Tag[] | 'whole-table' {
  const tags: Tag[] = [];
  for (const tagger of taggers) {
    const old = before === undefined ? undefined : tagOf(tagger, before);
    const same = before !== undefined && after !== undefined && alike(tagger, before, after);
    const own = after === undefined || same ? undefined : tagOf(tagger, after);
    if (old === 'unknown' || own === 'unknown') return 'whole-table';
    if (old !== undefined) tags.push(old);
    if (own !== undefined && own !== old) tags.push(own);
  }
  return tags;
}

function alike({ parts }: Tagger, before: Values, after: Values): boolean {
  for (const { index } of parts) if (before[index] !== after[index]) return false;
  return true;
}

function tagOf({ parts, tag }: Tagger, row: Values): Tag | 'unknown' {
  const values: (string | null)[] = [];
  for (const { index, textOf } of parts) {
    const value = textOf(row[index]);
    if (value === undefined) return 'unknown';
    values.push(value);
  }
  return tag(values);
}

function taggerOf(scheme: Scheme, wanted: readonly string[], columns: ReadonlyMap<string, ColumnFacts>): Tagger {
  const parts = scheme.parts.map((part) => ({
    index: wanted.indexOf(part.column),
    textOf: textUnder(part, columns.get(part.column)?.type ?? ''),
  }));
  return { parts, tag: tagsUnder(scheme) };
}

/** How a logged value reads in a tag; undefined: that is not known. */
function textUnder({ keying }: SchemePart, type: string): Part['textOf'] {
  const whole = keying.kind === 'value' && familyOf(type) === 'int';
  return (raw) => {
    // Nearly all tags are of keys, and nearly all keys are whole numbers.
    if (whole && Number.isSafeInteger(raw)) return String(raw);
    const value = fromLog(type, raw);
    if (value === null) return null;
    if (!isKnown(value)) return undefined;
    if (keying.kind === 'value') return canonicalText(type, value);
    if (keying.kind === 'prefix')
      return typeof value === 'string' ? [...value].slice(0, keying.length).join('') : undefined;
    const ordinal = keying.kind === 'span' ? spanOf(type, value) : ordinalOf(type, value);
    return ordinal === undefined ? undefined : String(Math.floor(ordinal / 2 ** keying.level));
  };
}
