import { type MemberVisitor } from './json-scan.js';
import { type Span } from './logged-row.js';

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Tells of every member of an object over which `JsonScan` has passed, so that nothing needs to be looked at twice: only where things end.
 * False when the visitor gave it up.
 */
export function eachMember(
  bytes: Uint8Array,
  { from: start, to: end }: Span,
  visitor: Pick<MemberVisitor, 'member'>,
): boolean {
  // Behind the brace, and then behind each comma, a name begins.
  for (let at = start + 1; at < end - 1;) {
    const nameFrom = at + 1;
    let nameTo = nameFrom;
    while (nameTo < end && bytes[nameTo] !== QUOTE) nameTo += 1;
    const from = nameTo + 2;
    const to = valueEnd(bytes, from, end);
    if (!visitor.member(nameFrom, nameTo, from, to)) return false;
    at = to + 1;
  }
  return true;
}

function valueEnd(bytes: Uint8Array, from: number, end: number): number {
  const first = bytes[from];
  if (first === QUOTE) return textEnd(bytes, from, end);
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return nestedEnd(bytes, from, end);
  let to = from;
  while (to < end && bytes[to] !== COMMA && bytes[to] !== CLOSE_OBJECT) to += 1;
  return to;
}

function textEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from + 1;
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function nestedEnd(bytes: Uint8Array, from: number, end: number): number {
  let depth = 0;
  for (let at = from; at < end;) {
    const byte = bytes[at];
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
    at = byte === QUOTE ? textEnd(bytes, at, end) : at + 1;
    if (depth === 0) return at;
  }
  return end;
}
