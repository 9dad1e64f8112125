import { trimBlanks } from './blanks.js';

/** The elements of a one-dimensional array as PostgreSQL writes it; undefined for more dimensions, other lower bounds, bad text. */
export function parseArrayText(text: string): readonly (string | null)[] | undefined {
  const t = trimBlanks(text);
  if (!t.startsWith('{') || !t.endsWith('}')) return undefined;
  const body = t.slice(1, -1);
  if (trimBlanks(body) === '') return [];
  const elements: (string | null)[] = [];
  let at = 0;
  while (at <= body.length) {
    const m = /[ \t\n\v\f\r]*(?:"((?:[^"\\]|\\[^])*)"[ \t\n\v\f\r]*|((?:[^",{}\\]|\\[^])+))(,|$)/y;
    m.lastIndex = at;
    const found = m.exec(body);
    if (found === null) return undefined;
    elements.push(found[1] !== undefined ? unescape(found[1]) : bare(found[2] ?? ''));
    at = m.lastIndex;
    if (found[3] === '') return elements;
  }
  return undefined;
}

function bare(text: string): string | null {
  const t = trimBlanks(text);
  return /^null$/i.test(t) ? null : unescape(t);
}

function unescape(text: string): string {
  return text.replace(/\\([^])/g, '$1');
}
