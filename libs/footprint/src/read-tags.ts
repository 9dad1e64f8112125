import { schemeText, tag, type Scheme, type Tag } from '@freshet/cache-keys';
import type { Frame } from './compile.js';
import { coverAll, type Pattern } from './cover.js';
import { childrenOf, columnsOf, type Expr } from './expr.js';
import type { Footprint, Occurrence, SqlValue } from './footprint.js';
import { paramReader } from './params.js';
import { UNKNOWN } from './types/value.js';

export interface ReadTags {
  readonly tags: readonly Tag[];
  readonly schemes: readonly Scheme[];
}

/** What a read with these values registers: every row that can matter to it carries one of the tags. */
export function readTags(footprint: Footprint, values: readonly SqlValue[]): ReadTags {
  const schemes = new Map<string, Scheme>();
  const tags = new Set<Tag>();
  const param = paramReader(values);
  for (const occurrence of footprint.occurrences) {
    const frame: Frame = { column: () => UNKNOWN, param };
    const patterns = occurrence.where.some(mayFail)
      ? undefined
      : coverAll([...occurrence.where, ...occurrence.implied], {
          frame,
          taggable: new Set(occurrence.taggable),
        });
    for (const pattern of patterns === undefined ? [[]] : patterns.length === 0 ? [never(occurrence)] : patterns) {
      const pins = [...pattern].sort((a, b) => (a.column < b.column ? -1 : 1));
      const scheme: Scheme = { table: occurrence.root, parts: pins.map(({ column, keying }) => ({ column, keying })) };
      schemes.set(`${scheme.table}:${schemeText(scheme)}`, scheme);
      tags.add(
        tag(
          scheme,
          pins.map((pin) => pin.value),
        ),
      );
    }
  }
  return { tags: [...tags], schemes: [...schemes.values()] };
}

/**
 * A cast of text, or a division by a column, fails on some rows, and with them the statement, whatever else is said of those rows. Such rows
 * must be found by any value of the other columns.
 */
function mayFail(e: Expr): boolean {
  if (e.k === 'opaque' && e.raises === true && columnsOf(e).length > 0) return true;
  if (
    e.k === 'call' &&
    /^(text>(?!text|length)|>int|div:|mod:)/.test(e.fn) &&
    e.args.slice(-1).some((a) => columnsOf(a).length > 0)
  )
    return true;
  return childrenOf(e).some(mayFail);
}

/** No row can ever matter; but the read is listed, so that what strikes the whole table (TRUNCATE, DDL) finds it. */
function never({ taggable }: Occurrence): Pattern {
  const [column] = taggable;
  return column === undefined ? [] : [{ column, keying: { kind: 'value' }, value: null }];
}
