import { type IncomingMessage } from 'node:http';
import { Origins } from './origin.js';

const origins = new Origins(['10.0.0.0/8', '::1']);
const asked = (remoteAddress: string, headers: Record<string, string>): string =>
  origins.originOf({ headers, socket: { remoteAddress } } as unknown as IncomingMessage);

it('is the host that was asked', () =>
  expect(asked('1.2.3.4', { host: 'books.example:8080' })).toBe('http://books.example:8080'));
it('takes the scheme from a trusted proxy', () => {
  const headers = { host: 'books.example', 'x-forwarded-proto': 'https' };
  expect(asked('10.1.2.3', headers)).toBe('https://books.example');
  expect(asked('::ffff:10.1.2.3', headers)).toBe('https://books.example');
  expect(asked('::1', headers)).toBe('https://books.example');
  const chain = { host: 'books.example', 'x-forwarded-proto': 'https, http' };
  expect(asked('::1', chain)).toBe('https://books.example');
});
it('takes it from nobody else', () =>
  expect(asked('11.1.2.3', { host: 'books.example', 'x-forwarded-proto': 'https' })).toBe('http://books.example'));
it.each(['', 'a b', 'evil.example/path', 'x"y', 'user@host', 'a:b'])('"%s" is no host', (host) =>
  expect(() => asked('10.1.2.3', { host })).toThrow(),
);
