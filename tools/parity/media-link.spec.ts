import { createHash, createHmac } from 'node:crypto';
import { linkFault } from './media-link.js';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const NOW_SECONDS = 1_700_000_000;
const wanted = '/api/media/bills/a.jpg?s=recorded';

function link(path: string, signedPath = path, seconds = NOW_SECONDS, secret = 'secret'): string {
  let time = '';
  for (let rest = seconds; rest > 0; rest = Math.floor(rest / 62)) time = DIGITS.charAt(rest % 62) + time;
  const key = createHash('sha256').update(`billing.mediasigner${secret}`).digest();
  const value = `${signedPath}:${time}`;
  const signature = createHmac('sha256', key).update(value).digest('base64url');
  return `/api/media/${path}?s=${encodeURIComponent(`${value}:${signature}`)}`;
}
const fault = (got: string): string | undefined => linkFault(wanted, got, 'secret', NOW_SECONDS);

it('a link of our own is good for six hours', () => {
  expect(fault(link('bills/a.jpg'))).toBeUndefined();
  expect(fault(link('bills/a.jpg', undefined, NOW_SECONDS - 6 * 3600))).toBeUndefined();
  expect(fault(link('bills/a.jpg', undefined, NOW_SECONDS - 6 * 3600 - 1))).toBe('expired');
  expect(fault(link('bills/a.jpg', undefined, NOW_SECONDS + 301))).toBe('expired');
});
it('a link to another file is none', () => expect(fault(link('bills/b.jpg'))).toBe('another file'));
it('a link signed for another file is none', () =>
  expect(fault(link('bills/a.jpg', 'bills/b.jpg'))).toBe('signed for another file'));
it('a link of another key is none', () =>
  expect(fault(link('bills/a.jpg', undefined, NOW_SECONDS, 'other'))).toBe('a bad signature'));
