import { tokensOf, type Token } from './parser.js';

/** Keywords have no place in the parser's tree: it is the nearest one before what has, or after it. */
const BEFORE = /^(?:SELECT )?(INTO|INSERT|UPDATE|DELETE|MERGE|NATURAL|TABLESAMPLE)(?: JOIN)?$/;
const AFTER = /^(USING) \([^)]*\)$/;

/** The place of a construct that begins with a keyword, from the place of what stands beside it; of all others that place. */
export function placeOfKeyword(text: string, construct: string, beside: number): number {
  const places = (word: string) => tokensOf(text).flatMap((t) => (isWord(t, word) ? [t.start] : []));
  const [before, after] = [BEFORE.exec(construct)?.[1], AFTER.exec(construct)?.[1]];
  if (before !== undefined) return places(before).findLast((p) => p < beside) ?? beside;
  return after === undefined ? beside : (places(after).find((p) => p > beside) ?? beside);
}

/** Where rows are locked, in order. */
export function placesOfLocks(text: string): readonly number[] {
  const tokens = tokensOf(text);
  return tokens.flatMap((t, i) => {
    const next = tokens[i + 1];
    const locks = ['UPDATE', 'SHARE', 'NO', 'KEY'].some((word) => next !== undefined && isWord(next, word));
    return isWord(t, 'FOR') && locks ? [t.start] : [];
  });
}

/** The first word of the statement that begins at a byte. */
export function firstWord(text: string, from = 0): number {
  return tokensOf(text).find((t) => t.start >= from && !t.comment)?.start ?? 0;
}

function isWord({ text, keyword }: Token, word: string): boolean {
  return keyword && text.toUpperCase() === word;
}
