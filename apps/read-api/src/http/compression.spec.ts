import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { chosenEncoding, Compression } from './compression.js';
import { type Reply } from './respond.js';

const reply = (body: string, identity?: string): Reply => ({
  status: 200,
  body: Buffer.from(body),
  identity,
  headers: [],
});
const long = 'a row '.repeat(100);

it.each([
  ['gzip, deflate, br', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0.1, gzip;q=0.9', 'gzip'],
  ['gzip;q=0.5, br;q=0.5', 'br'],
  ['gzip;q=0.5, *;q=0.8', 'br'],
  ['*', 'br'],
  ['*;q=0', undefined],
  ['GZIP;q=0.5', 'gzip'],
  ['gzip; q=0.000', undefined],
  ['identity', undefined],
  ['', undefined],
])('of "%s" the choice is %s', (accept, encoding) => expect(chosenEncoding(accept)).toBe(encoding));

it('bodies come out as they went in', async () => {
  const compression = new Compression();
  const [br, gz] = [await compression.apply(reply(long), 'br'), await compression.apply(reply(long), 'gzip')];
  expect([br.encoding, brotliDecompressSync(br.body).toString()]).toEqual(['br', long]);
  expect([gz.encoding, gunzipSync(gz.body).toString()]).toEqual(['gzip', long]);
});

it('a body under 200 bytes is left alone', () => {
  const short = reply('a'.repeat(199));
  expect(new Compression().apply(short, 'gzip')).toBe(short);
});

it('the second time the same bytes are at hand', async () => {
  const compression = new Compression();
  const first = await compression.apply(reply(long, '"x"'), 'gzip');
  const second = compression.apply(reply(long, '"x"'), 'gzip');
  expect(second).not.toBeInstanceOf(Promise);
  expect((second as Reply).body).toBe(first.body);
});

it('bodies that nobody named are told apart by what they hold', async () => {
  const compression = new Compression();
  await compression.apply(reply(long), 'gzip');
  const other = await compression.apply(reply(`${long}!`), 'gzip');
  expect(gunzipSync(other.body).toString()).toBe(`${long}!`);
});
