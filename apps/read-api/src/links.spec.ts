import { fillLinks, linksIn, mediaHole, originHole, pageHole } from './links.js';
import { requestTo } from './testing/request.js';

const stored = (value: unknown) => ({ body: Buffer.from(JSON.stringify(value)), meta: {} });
const filled = (value: unknown): unknown => JSON.parse(fillLinks(stored(value), requestTo('/x/')).toString());

it('holes are filled wherever they stand', () => {
  const value = { a: originHole('/media/a "b".png'), list: [mediaHole('c.jpg'), 'plain'], last: originHole('/z') };
  expect(filled(value)).toEqual({
    a: 'http://api.test/media/a "b".png',
    list: ['/api/media/c.jpg?s=signed', 'plain'],
    last: 'http://api.test/z',
  });
});

it('a text of the data that spells a hole is left alone', () => {
  const value = { a: '\\u0000media:x', b: '"\\u0000media:x', c: 'é \\"\\u0000origin:/' };
  expect(filled(value)).toEqual(value);
  expect(linksIn(stored(value).body)).toBe(false);
});

it('a body without holes is handed on as it is', () => {
  const body = stored({ a: 1 });
  expect(fillLinks(body, requestTo('/x/'))).toBe(body.body);
});

it('links that carry the time of signing are told from those that hold for good', () => {
  expect(linksIn(stored({ a: originHole('/x'), b: pageHole(2) }).body)).toBe('steady');
  expect(linksIn(stored({ a: originHole('/x'), b: mediaHole('c.jpg') }).body)).toBe('signed');
});
