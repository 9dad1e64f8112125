import { FAILS, type Value } from '../types/value.js';

/** LIKE with the standard escape. A pattern that ends in its escape character makes PostgreSQL fail. */
export function likeMatches(text: string, pattern: string): Value {
  const parts = likeParts(pattern);
  return parts === undefined ? FAILS : matches([...text], parts);
}

/** A pattern that does not end in its escape character. */
export function isWholePattern(pattern: string): boolean {
  return likeParts(pattern) !== undefined;
}

/** `LIKE pattern ESCAPE e`: the same pattern with the standard escape. */
export function withStandardEscape(pattern: string, escape: string): Value {
  const [mark, ...more] = [...escape];
  if (more.length > 0) return FAILS;
  if (mark === undefined) return pattern.replaceAll('\\', '\\\\');
  let escaped = false;
  let out = '';
  for (const c of pattern) {
    const begins: boolean = c === mark && !escaped;
    out += begins ? '\\' : c === '\\' && !escaped ? '\\\\' : c;
    escaped = begins;
  }
  return out;
}

type Part = { readonly any: true } | { readonly one: true } | { readonly char: string };

const cache = new Map<string, readonly Part[] | undefined>();

function likeParts(pattern: string): readonly Part[] | undefined {
  const known = cache.get(pattern);
  if (known !== undefined || cache.has(pattern)) return known;
  const parts: Part[] = [];
  const chars = [...pattern];
  let bad = false;
  for (let i = 0; i < chars.length; i += 1) {
    const c = chars[i] as string;
    if (c === '\\') {
      i += 1;
      bad ||= i >= chars.length;
      parts.push({ char: chars[i] ?? '' });
    } else parts.push(c === '%' ? { any: true } : c === '_' ? { one: true } : { char: c });
  }
  if (cache.size > 1000) cache.clear();
  cache.set(pattern, bad ? undefined : parts);
  return bad ? undefined : parts;
}

/** Greedy with one step back to the last `%`: linear for what people write, quadratic at worst. */
function matches(text: readonly string[], parts: readonly Part[]): boolean {
  let [t, p, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    const part = parts[p];
    if (part !== undefined && 'any' in part) {
      [star, mark] = [p, t];
      p += 1;
    } else if (part !== undefined && ('one' in part || part.char === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      mark += 1;
      [p, t] = [star + 1, mark];
    } else return false;
  }
  return parts.slice(p).every((part) => 'any' in part);
}

/** The fixed beginning of every text that matches: what stands before the first wildcard. */
export function likePrefix(pattern: string): string {
  let prefix = '';
  for (const part of likeParts(pattern) ?? []) {
    if (!('char' in part)) return prefix;
    prefix += part.char;
  }
  return prefix;
}
