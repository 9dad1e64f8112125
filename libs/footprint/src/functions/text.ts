import { FAILS, UNKNOWN, type Value } from '../types/value.js';
import { likeMatches, withStandardEscape } from './like.js';
import { regexMatches, similarMatches } from './regex.js';
import type { Strict, Table } from './table.js';

const ASCII = /^[\0-\x7f]*$/;

/** Beyond ASCII the cases of letters are the collation's affair. */
function cased(text: string, change: (t: string) => string): Value {
  return ASCII.test(text) ? change(text) : UNKNOWN;
}

function substring(text: string, from: bigint, count?: bigint): Value {
  if (count !== undefined && count < 0n) return FAILS;
  const chars = [...text];
  const start = Number(from) - 1;
  const end = count === undefined ? chars.length : Math.max(start + Number(count), 0);
  return chars.slice(Math.max(start, 0), end).join('');
}

function ends(text: string, n: bigint, side: 'left' | 'right'): string {
  const chars = [...text];
  const keep = Number(n) >= 0 ? Math.min(Number(n), chars.length) : Math.max(chars.length + Number(n), 0);
  return (side === 'left' ? chars.slice(0, keep) : chars.slice(chars.length - keep)).join('');
}

const strict: Readonly<Record<string, Strict>> = {
  lower: (t: string) => cased(t, (s) => s.toLowerCase()),
  upper: (t: string) => cased(t, (s) => s.toUpperCase()),
  length: (t: string) => BigInt([...t].length),
  concat: (a: string, b: string) => a + b,
  substring,
  repeat: (t: string, n: bigint) => (t.length * Number(n) > 1_000_000 ? UNKNOWN : t.repeat(Math.max(0, Number(n)))),
  left: (t: string, n: bigint) => ends(t, n, 'left'),
  right: (t: string, n: bigint) => ends(t, n, 'right'),
  btrim: (t: string) => t.replace(/^ +| +$/g, ''),
  ltrim: (t: string) => t.replace(/^ +/, ''),
  rtrim: (t: string) => t.replace(/ +$/, ''),
  replace: (t: string, from: string, to: string) => (from === '' ? t : t.replaceAll(from, () => to)),
  strpos: (t: string, part: string) => BigInt(t.includes(part) ? [...t.slice(0, t.indexOf(part))].length + 1 : 0),
  starts: (t: string, prefix: string) => t.startsWith(prefix),
  like_escape: withStandardEscape,
  like: (t: string, pattern: string) => likeMatches(t, pattern),
  ilike: (t: string, pattern: string) =>
    ASCII.test(t) && ASCII.test(pattern) ? likeMatches(t.toLowerCase(), pattern.toLowerCase()) : UNKNOWN,
  regex: (t: string, pattern: string) => regexMatches(t, pattern, false),
  similar: (t: string, pattern: string) => similarMatches(t, pattern),
  iregex: (t: string, pattern: string) =>
    ASCII.test(t) && ASCII.test(pattern) ? regexMatches(t, pattern, true) : UNKNOWN,
};

export const text: Table = { strict, lenient: {} };
