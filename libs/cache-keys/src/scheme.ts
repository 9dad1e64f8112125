import { escapePart, type TableName } from './table-name.js';

/**
 * How a scheme reads one column of a row.
 * - value: the canonical value itself (`=`, `IN`, `IS NULL`).
 * - bucket: the number of the dyadic interval of width 2^level that the value's ordinal lies in. A range with two ends is covered by a few
 *   neighbours of one level, one without an end by intervals of several: so a range becomes a handful of tags and a row one tag per level.
 * - span: the same of a number's whole part, for ranges with two ends: as fine as they are narrow, however large the numbers are.
 * - prefix: the first `length` characters (`LIKE 'abc%'`).
 */
export type Keying =
  | { readonly kind: 'value' }
  | { readonly kind: 'bucket'; readonly level: number }
  | { readonly kind: 'span'; readonly level: number }
  | { readonly kind: 'prefix'; readonly length: number };

export interface SchemePart {
  readonly column: string;
  readonly keying: Keying;
}

/** The columns that a footprint pins for a table, ordered by column name. No parts: the whole table. */
export interface Scheme {
  readonly table: TableName;
  readonly parts: readonly SchemePart[];
}

/** `business_id&invoice_date/5&name^3`; the empty text is the scheme of the whole table. */
export function schemeText(scheme: Scheme): string {
  return scheme.parts.map(partText).join('&');
}

export function partText({ column, keying }: SchemePart): string {
  const name = escapePart(column);
  if (keying.kind === 'bucket') return `${name}/${keying.level}`;
  if (keying.kind === 'span') return `${name}~${keying.level}`;
  return keying.kind === 'prefix' ? `${name}^${keying.length}` : name;
}

/** The inverse of `schemeText`. Undefined for a text that is not a scheme: a newer version may have written it. */
export function parseScheme(table: TableName, text: string): Scheme | undefined {
  if (text === '') return { table, parts: [] };
  const parts = text.split('&').map(parsePart);
  return parts.every((part) => part !== undefined) ? { table, parts } : undefined;
}

const PART = /^([^/^~]+)(?:\/(\d+)|\^(\d+)|~(\d+))?$/;

function parsePart(text: string): SchemePart | undefined {
  const match = PART.exec(text);
  if (match?.[1] === undefined) return undefined;
  const column = decodeURIComponent(match[1]);
  if (match[2] !== undefined) return { column, keying: { kind: 'bucket', level: Number(match[2]) } };
  if (match[3] !== undefined) return { column, keying: { kind: 'prefix', length: Number(match[3]) } };
  if (match[4] !== undefined) return { column, keying: { kind: 'span', level: Number(match[4]) } };
  return { column, keying: { kind: 'value' } };
}
