/**
 * `JSON.parse` for rows. An integer that a double cannot hold comes back as the text of its digits, so that two different bigints
 * never look equal; `-0` comes back as the text `-0`, which PostgreSQL prints differently from `0`.
 *
 * Parsing first and looking at the outcome keeps the usual row at the price of `JSON.parse`: an unsafe literal is never rounded to a safe
 * integer, so the numbers that came out tell whether the text must be read again with care.
 */
export function parseLossless(text: string, rowsOf: (parsed: unknown) => readonly unknown[]): unknown {
  const parsed: unknown = JSON.parse(text);
  return rowsOf(parsed).some(holdsUnsafeNumber) ? JSON.parse(quoteUnsafeIntegers(text)) : parsed;
}

function holdsUnsafeNumber(value: unknown): boolean {
  if (typeof value === 'number') return isUnsafe(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsUnsafeNumber);
  for (const name in value) {
    const inner = (value as Record<string, unknown>)[name];
    if (typeof inner === 'number' ? isUnsafe(inner) : typeof inner === 'object' && holdsUnsafeNumber(inner))
      return true;
  }
  return false;
}

function isUnsafe(value: number): boolean {
  return !Number.isSafeInteger(value) ? Number.isInteger(value) : Object.is(value, -0);
}

/** The start of a string, or a whole number literal. */
const TOKEN = /"|-?\d[\d.eE+-]*/g;

function quoteUnsafeIntegers(text: string): string {
  let out = '';
  let copied = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [token] = match;
    if (token === '"') {
      TOKEN.lastIndex = endOfString(text, match.index);
      continue;
    }
    const exact = exactText(token);
    if (exact === undefined) continue;
    out += `${text.slice(copied, match.index)}"${exact}"`;
    copied = TOKEN.lastIndex;
  }
  return out + text.slice(copied);
}

/** The text that says what a number cannot; undefined where the number says it. */
function exactText(literal: string): string | undefined {
  const value = Number(literal);
  if (Object.is(value, -0)) return '-0';
  return isUnsafe(value) && /^-?\d+$/.test(literal) ? literal : undefined;
}

/** The place after the closing quote. A quote after an odd number of backslashes closes nothing. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}
