import { type Difference } from './case.js';

const SHOWN = 60;

/** CSV text: rows in order; with `openCells` the names of a list inside a cell may change places. */
export function tableDifference(want: string, got: string, openCells: boolean, place: string): Difference | undefined {
  if (want === got) return undefined;
  if (!openCells || want.length !== got.length) return textDifference(want, got, place);
  const [a, b] = [rowsOf(want), rowsOf(got)];
  for (const [index, row] of a.entries()) {
    const other = b[index] ?? [];
    if (arranged(row) !== arranged(other)) {
      return { at: `${place} row ${index}`, expected: row.join(), got: other.join() };
    }
  }
  return undefined;
}

function textDifference(want: string, got: string, place: string): Difference {
  let at = 0;
  while (at < want.length && want[at] === got[at]) at++;
  return { at: `${place} character ${at}`, expected: want.slice(at, at + SHOWN), got: got.slice(at, at + SHOWN) };
}

function arranged(row: readonly string[]): string {
  return JSON.stringify(row.map((cell) => cell.split(', ').sort()));
}

/** Cells may be quoted, with quotes doubled and line breaks inside. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
  }
  return rows;
}
