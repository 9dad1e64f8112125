import { schemeText } from '@freshet/cache-keys';
import { childrenOf, type Expr } from './expr.js';
import { exprText } from './expr-text.js';
import type { Footprint, Occurrence, Refusal, SqlValue, Verdict } from './footprint.js';
import { readTags } from './read-tags.js';

/** A footprint in words: what it reads of every table, what filters it, what is coarse and why. With values also the tags of that read. */
export function explain(footprint: Footprint, values?: readonly SqlValue[]): string[] {
  const lines = [`${footprint.name} (${footprint.id})`, ...footprint.occurrences.flatMap(describe)];
  if (footprint.occurrences.length === 0) lines.push('reads no table: no change can matter to it');
  return values === undefined ? lines : [...lines, ...tagLines(footprint, values)];
}

function describe(o: Occurrence): string[] {
  const unknown = o.where.flatMap(opaqueParts);
  return [
    `reads ${o.table}${o.alias === o.table ? '' : ` as ${o.alias}`}${o.root === o.table ? '' : `, a part of ${o.root}`}`,
    ...(o.where.length === 0 ? ['  every row matters'] : o.where.map((e) => `  only rows with ${exprText(e)}`)),
    ...o.implied.map((e) => `  and, as follows from the rest, ${exprText(e)}`),
    `  columns used: ${o.columns.length === 0 ? 'none, only whether a row is there' : o.columns.join(', ')}`,
    ...unknown.map((reason) => `  coarse: ${reason}`),
  ];
}

function opaqueParts(e: Expr): readonly string[] {
  if (e.k !== 'opaque') return childrenOf(e).flatMap(opaqueParts);
  return e.raises === true
    ? [`${e.why} may fail, whatever else is asked of a row, so every row counts unless its columns stay as they are`]
    : [`${e.why} is not computed here, so a row may meet it whenever its columns change`];
}

function tagLines(footprint: Footprint, values: readonly SqlValue[]): string[] {
  const { tags, schemes } = readTags(footprint, values);
  const coarse = schemes
    .filter((s) => s.parts.length === 0)
    .map((s) => `listed for every change of ${s.table}: nothing in its predicate can be looked up`);
  return [
    `schemes: ${schemes.map((s) => `${s.table}(${schemeText(s)})`).join(', ')}`,
    ...tags.map((t) => `tag ${t}`),
    ...coarse,
  ];
}

export function explainRefusal({ construct, reason, position }: Refusal): string {
  const place = typeof position === 'number' ? `at byte ${position}` : `one of the ${position}, not of the text`;
  return `${construct}, ${place}: ${reason}`;
}

export function explainVerdict(verdict: Verdict): string {
  return `${verdict.matters ? 'deleted' : 'kept'}: ${verdict.because}`;
}
