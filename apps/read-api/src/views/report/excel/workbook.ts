import { sheetXml, xmlText } from './sheet-xml.js';
import { type Row } from './sheet-rows.js';
import { zipped, type ZippedFile } from './zipped.js';

export interface Sheet {
  readonly name: string;
  rows(): AsyncIterable<readonly Row[]>;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const partOf = (index: number): string => `worksheets/sheet${index + 1}.xml`;

/** An xlsx file as it is packed, one sheet after the other. @param sheets one at least, with names that Excel allows */
export function workbook(sheets: readonly Sheet[]): AsyncGenerator<Buffer, void, undefined> {
  return zipped([
    fixed('[Content_Types].xml', contentTypes(sheets)),
    fixed('_rels/.rels', relations([{ type: 'officeDocument', target: 'xl/workbook.xml' }])),
    fixed('xl/workbook.xml', contents(sheets)),
    fixed(
      'xl/_rels/workbook.xml.rels',
      relations(sheets.map((_, index) => ({ type: 'worksheet', target: partOf(index) }))),
    ),
    ...sheets.map((sheet, index) => ({ name: `xl/${partOf(index)}`, content: () => sheetXml(sheet.rows()) })),
  ]);
}

function fixed(name: string, xml: string): ZippedFile {
  return {
    name,
    content: async function* () {
      yield HEAD + xml;
    },
  };
}

function contentTypes(sheets: readonly Sheet[]): string {
  const parts = sheets.map(
    (_, index) => `<Override PartName="/xl/${partOf(index)}" ContentType="${SPREADSHEET}.worksheet+xml"/>`,
  );
  return `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="${SPREADSHEET}.sheet.main+xml"/>${parts.join('')}</Types>`;
}

function relations(parts: readonly { readonly type: string; readonly target: string }[]): string {
  const listed = parts.map(
    ({ type, target }, index) => `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${RELATIONS}">${listed.join('')}</Relationships>`;
}

function contents(sheets: readonly Sheet[]): string {
  const listed = sheets.map(
    ({ name }, index) => `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  return `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${listed.join('')}</sheets></workbook>`;
}
