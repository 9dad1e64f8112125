import { schemeText, tag, type Scheme, type Tag } from '@freshet/cache-keys';
import { compile, type Frame } from './compile.js';
import { coverAll } from './cover.js';
import type { Footprint, Occurrence, SqlValue } from './footprint.js';
import { mayFail } from './may-fail.js';
import { paramReader } from './params.js';
import type { Pattern } from './pins.js';
import { isWholePattern } from './functions/like.js';
import { childrenOf, columnsOf, type Expr } from './expr.js';
import { FAILS, UNKNOWN } from './types/value.js';

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
    const patterns = occurrence.where.some((e) => mayFail(e) || isBroken(e, frame))
      ? undefined
      : coverOf(occurrence, frame);
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

/** A pattern that ends in its escape character fails for whatever row comes first to its end. */
function isBroken(e: Expr, frame: Frame): boolean {
  const pattern = e.k === 'call' && /^i?like$/.test(e.fn) ? e.args[1] : undefined;
  if (pattern === undefined || columnsOf(pattern).length > 0) return childrenOf(e).some((arg) => isBroken(arg, frame));
  const value = compile(pattern)(frame);
  return value === FAILS || (typeof value === 'string' && !isWholePattern(value));
}

/** No row can ever matter; but the read is listed, so that what strikes the whole table (TRUNCATE, DDL) finds it. */
function never({ taggable }: Occurrence): Pattern {
  const [column] = taggable;
  return column === undefined ? [] : [{ column, keying: { kind: 'value' }, value: null }];
}
