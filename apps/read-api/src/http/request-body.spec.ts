import { parsedBody } from './request-body.js';

const BOUNDARY = 'x0x';
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;
const form = (...parts: string[]): Buffer =>
  Buffer.from(
    [...parts.map((part) => `--${BOUNDARY}\r\nContent-Disposition: ${part}\r\n`), `--${BOUNDARY}--\r\n`].join(''),
  );
const field = (name: string, value: string): string => `form-data; name="${name}"\r\n\r\n${value}`;
const refusal = (contentType: string, body: Buffer): Promise<unknown> =>
  parsedBody(contentType, body).then(
    () => 'taken',
    (error: unknown) => error,
  );

test('the same fields are read from JSON and both kinds of forms', async () => {
  const fields = { start_date: '2024-04-01', invoice_type: 'é & "' };
  const encoded = new URLSearchParams(fields).toString();
  expect(await parsedBody('application/json', Buffer.from(JSON.stringify(fields)))).toEqual(fields);
  expect({ ...((await parsedBody('Application/X-WWW-form-urlencoded', Buffer.from(encoded))) as object) }).toEqual(
    fields,
  );
  const parts = form(...Object.entries(fields).map(([name, value]) => field(name, value)));
  expect({ ...((await parsedBody(MULTIPART, parts)) as object) }).toEqual(fields);
});

test('of a field given twice the last counts, and a file is no field', async () => {
  const file = 'form-data; name="end_date"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n2024-01-01';
  const parsed = await parsedBody(MULTIPART, form(field('start_date', 'a'), file, field('start_date', 'b')));
  expect({ ...(parsed as object) }).toEqual({ start_date: 'b' });
});

test('a form is bounded', async () => {
  const many = Array.from({ length: 101 }, (_, i) => field(`f${i}`, '1'));
  expect(await refusal(MULTIPART, form(...many))).toMatchObject({ status: 400 });
  expect(await refusal(MULTIPART, form(field('start_date', 'x'.repeat(64 * 1024 + 1))))).toMatchObject({ status: 400 });
});

test.each([
  ['multipart/form-data', 'without a boundary', form(field('a', 'b'))],
  [MULTIPART, 'that breaks off', form(field('a', 'b')).subarray(0, 40)],
])('%s %s is refused', async (contentType, _, body) => {
  expect(await refusal(contentType, body)).toMatchObject({
    status: 400,
    body: { detail: expect.stringMatching(/^Multipart form parse error - ./) as string },
  });
});

test.each([['{'], ['\uFEFF{}']])('%j is no JSON', async (text) => {
  expect(await refusal('application/json', Buffer.from(text))).toMatchObject({ status: 400 });
});

test('JSON that is not UTF-8 is refused, not mended', async () =>
  expect(await refusal('application/json', Buffer.from('"\xff"', 'latin1'))).toMatchObject({ status: 400 }));

test('another type is refused by its name, and nothing has no type', async () => {
  expect(await refusal('text/plain; charset=x', Buffer.from('x'))).toMatchObject({
    status: 415,
    body: { detail: 'Unsupported media type "text/plain; charset=x" in request.' },
  });
  expect(await parsedBody(undefined, Buffer.alloc(0))).toEqual({});
});
