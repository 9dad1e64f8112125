import { requestTo } from '../testing/request.js';
import { TOO_SHORT, typedText } from './typed-text.js';

const typed = (query: string) => typedText(requestTo(`/?${query}`), 'name');

test('nothing typed is not the same as too little', () => {
  expect(typed('')).toBeUndefined();
  expect(typed('name=')).toBeUndefined();
  expect(typed('name=a')).toBe(TOO_SHORT);
});

test('characters count, not code units or bytes', () => {
  expect(typed('name=%F0%9F%92%8D')).toBe(TOO_SHORT);
  expect(typed('name=%E0%A4%B6%E0%A5%8D')).toBe('श्');
});

test('blanks are characters like any other', () => {
  expect(typed('name=++')).toBe('  ');
});

test('a NUL byte is refused only where the text is long enough to be looked for', () => {
  expect(typed('name=%00')).toBe(TOO_SHORT);
  expect(() => typed('name=a%00')).toThrow('HTTP 400');
});
