import { type Row } from './sheet-rows.js';
import { sheetXml, xmlText } from './sheet-xml.js';

async function xmlOf(...batches: (readonly Row[])[]): Promise<string> {
  let xml = '';
  async function* rows(): AsyncGenerator<readonly Row[]> {
    yield* batches;
  }
  for await (const piece of sheetXml(rows())) xml += piece;
  return xml;
}

test('cells stand at their places, empty ones nowhere, and rows go on counting', async () => {
  const xml = await xmlOf([['a', null, 1.5]], [[], [null, -2]]);
  expect(xml.replace(/^[^]*<sheetData>/, '')).toBe(
    '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve">a</t></is></c><c r="C1"><v>1.5</v></c></row>' +
      '<row r="2"></row><row r="3"><c r="B3"><v>-2</v></c></row></sheetData></worksheet>',
  );
});

test.each([
  ['<a href="x">&</a>', '&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;'],
  ['line\r\nline\ttab', 'line&#13;\nline\ttab'],
  ['no\u0000\u001f\uffff thing', 'no thing'],
  ['ਪੰਜਾਬੀ 💍', 'ਪੰਜਾਬੀ 💍'],
])('%j is spelled %j', (text, xml) => {
  expect(xmlText(text)).toBe(xml);
});
