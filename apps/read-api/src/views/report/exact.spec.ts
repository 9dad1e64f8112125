import { exact, exactNumber, exactText, sum, times } from './exact.js';

test.each([
  '0.000000',
  '1.001000',
  '999999999.999999',
  '-999999999.999997',
  '1.500000',
  '-0.000001',
  '1002473414.533000',
  '-12345678901234567890.120000',
])('%s keeps all its digits', (text) => {
  expect(exactText(exact(text))).toBe(text);
});

test('digits after the sixth may only be zeros', () => {
  expect(exact('0.0300000000')).toBe(exact('0.03'));
  expect(() => exact('0.0000001')).toThrow(RangeError);
});

test.each(['NaN', '', '1e3', '.5', 'abc'])('%s is no decimal', (text) => {
  expect(() => exact(text)).toThrow(RangeError);
});

test("SQL's NULL, a sum over no rows, is nothing", () => {
  expect(exact(null)).toBe(0n);
  expect(exact(undefined)).toBe(0n);
});

test('ten dimes are one, which doubles would miss', () => {
  expect(exactNumber(sum(Array.from({ length: 10 }, () => exact('0.1'))))).toBe(1);
});

test.each([1n, 3n, 9007199254740991n, 9007199254740993n, -9007199254740993n, 123456789012345678901n])(
  '%i millionths are the double that their text reads as',
  (millionths) => {
    expect(exactNumber(millionths)).toBe(Number(exactText(millionths)));
  },
);

test('a quantity times a rate loses nothing', () => {
  expect(exactText(times(exact('-0.001'), exact('99999999.999')))).toBe('-99999.999999');
});
