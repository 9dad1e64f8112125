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
    const patterns = occurrence.where.some(mayFail) ? undefined : coverOf(occurrence, frame);
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

/** Undefined, which is the whole table, where it cannot be computed: a fault of ours looks at too many rows, never at too few. */
function coverOf({ where, implied, taggable }: Occurrence, frame: Frame): readonly Pattern[] | undefined {
  try {
    return coverAll([...where, ...implied], { frame, taggable: new Set(taggable) });
  } catch {
    return undefined;
  }
}

/**
 * A cast of text, a division by a column or a sum fails on some rows, and with them the statement, whatever else is said of those rows. Such
 * rows must be found by any value of the other columns.
 */
function mayFail(e: Expr): boolean {
  if (e.k === 'opaque' && e.raises === true && columnsOf(e).length > 0) return true;
  if (e.k === 'call' && LAST_MAY_FAIL.test(e.fn) && e.args.slice(-1).some(fromRow)) return true;
  if (e.k === 'call' && ANY_MAY_FAIL.test(e.fn) && e.args.some(fromRow)) return true;
  return childrenOf(e).some(mayFail);
}

/** By what comes last: a text that is read, a divisor, a pattern, a length. */
const LAST_MAY_FAIL = /^(text>(?!text|length)|>int|div:|mod:|i?like$|substring$)/;
/** By sums that their type does not hold. */
const ANY_MAY_FAIL = /^(numeric>scale$|(add|sub|mul|neg|abs):int)/;

function fromRow(e: Expr): boolean {
  return columnsOf(e).length > 0;
}

/** No row can ever matter; but the read is listed, so that what strikes the whole table (TRUNCATE, DDL) finds it. */
function never({ taggable }: Occurrence): Pattern {
  const [column] = taggable;
  return column === undefined ? [] : [{ column, keying: { kind: 'value' }, value: null }];
}
