/** A LIKE pattern for "contains", taken literally. Use it as `UPPER(column) LIKE UPPER(${contains(value)})`. */
export function contains(value: string): string {
  return `%${value.replace(/[\\%_]/g, '\\$&')}%`;
}

/** A run of text in which quoted parts may hold blanks, or any run without blanks (an unpaired quote is an ordinary letter). */
const TERM = /[^\s'"]*(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[^\s'"]*)+|\S+/gs;

/** The terms of an invoice search: cut at blanks and commas, text in matching quotes kept whole. */
export function searchTerms(value: string): readonly string[] {
  return (value.match(TERM) ?? []).flatMap((run) => {
    const term = run.replace(/^,+|,+$/g, '');
    return isQuoted(term) ? [unquoted(term)] : term.split(',').filter((part) => part !== '');
  });
}

function isQuoted(term: string): boolean {
  return (term.startsWith('"') || term.startsWith("'")) && term.endsWith(term.charAt(0));
}

function unquoted(term: string): string {
  const quote = term.charAt(0);
  return term.slice(1, -1).replaceAll(`\\${quote}`, quote).replaceAll('\\\\', '\\');
}
