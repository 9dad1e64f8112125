import { UNKNOWN, type Value } from '../types/value.js';

/**
 * The part of PostgreSQL's regular expressions that means the same in JavaScript and cannot run away: letters, digits, simple classes, groups
 * and alternatives, anchors, and repetition of single atoms only.
 */
const ATOM = String.raw`(?:[A-Za-z0-9 _\-/,:;@#&=!"'%~<>]|\\[.*+?()[\]{}|^$\\/-]|\.|\[\^?[A-Za-z0-9 _./,@-]+\])`;
const REPEAT = String.raw`(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})?`;
const SAFE = new RegExp(`^(?:${ATOM}${REPEAT}|[\\^$|]|\\((?!\\?)|\\)(?![*+?{]))*$`);

const cache = new Map<string, RegExp | undefined>();

export function regexMatches(text: string, pattern: string, ignoreCase: boolean): Value {
  const compiled = compiledRegex(pattern, ignoreCase);
  return compiled === undefined ? UNKNOWN : compiled.test(text);
}

const SIMILAR = /^[A-Za-z0-9 \-/,:;#&=!@%_()|]*$/;

/** SIMILAR TO without its rarer operators: wildcards, groups, alternatives. The whole text must match. */
export function similarMatches(text: string, pattern: string): Value {
  if (!SIMILAR.test(pattern)) return UNKNOWN;
  const regex = build(`^(?:${pattern.replaceAll('%', '.*').replaceAll('_', '.')})$`, false);
  return regex === undefined ? UNKNOWN : regex.test(text);
}

function compiledRegex(pattern: string, ignoreCase: boolean): RegExp | undefined {
  const key = `${ignoreCase ? 'i' : 'c'}${pattern}`;
  if (cache.has(key)) return cache.get(key);
  const regex = SAFE.test(pattern) ? build(pattern, ignoreCase) : undefined;
  if (cache.size > 1000) cache.clear();
  cache.set(key, regex);
  return regex;
}

function build(pattern: string, ignoreCase: boolean): RegExp | undefined {
  try {
    return new RegExp(pattern, ignoreCase ? 'siu' : 'su');
  } catch {
    return undefined;
  }
}
