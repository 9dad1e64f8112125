import { mediaPath } from './media-url.js';

test('a stored path is percent-encoded but for its slashes', () => {
  expect(mediaPath('invoice_sources/2026/08/bill one.pdf')).toBe('/media/invoice_sources/2026/08/bill%20one.pdf');
});

test('no file has no path', () => {
  expect(mediaPath(null)).toBeNull();
  expect(mediaPath('')).toBeNull();
});
