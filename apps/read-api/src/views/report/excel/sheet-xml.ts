import { type Row } from './sheet-rows.js';

const START = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`;
const END = '</sheetData></worksheet>';

/** The part of a workbook that holds one sheet. Texts stand in their cells: a table of all texts would have to be held to the end. */
export async function* sheetXml(rows: AsyncIterable<readonly Row[]>): AsyncGenerator<string, void, undefined> {
  yield START;
  let number = 0;
  for await (const some of rows) yield some.map((row) => rowXml(row, (number += 1))).join('');
  yield END;
}

function rowXml(row: Row, number: number): string {
  const cells = row.map((value, column) => {
    if (value === null) return '';
    const place = `${String.fromCharCode(65 + column)}${number}`;
    if (typeof value === 'number') return `<c r="${place}"><v>${value}</v></c>`;
    return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${xmlText(value)}</t></is></c>`;
  });
  return `<row r="${number}">${cells.join('')}</row>`;
}

const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};
/** XML can spell none of these. */
// eslint-disable-next-line no-control-regex
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text for an element or an attribute. */
export function xmlText(text: string): string {
  return text.replace(UNSPEAKABLE, '').replace(/[&<>"\r]/g, (character) => NAMED[character] ?? character);
}
