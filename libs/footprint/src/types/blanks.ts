/** Without what PostgreSQL's input functions skip. JavaScript's trim() knows blanks beyond ASCII, which make PostgreSQL refuse the text. */
export function trimBlanks(text: string): string {
  return text.replace(/^[ \t\n\v\f\r]+/, '').replace(/[ \t\n\v\f\r]+$/, '');
}
