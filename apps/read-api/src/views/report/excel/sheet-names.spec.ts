import { sheetNames } from './sheet-names.js';

test('what Excel forbids becomes a line', () => {
  expect(sheetNames(['A/B [C]: D*?\\E', "'quoted'", '', '   '])).toEqual([
    'A_B _C__ D___E',
    '_quoted_',
    'Sheet',
    'Sheet1',
  ]);
});

test('names are cut at 31 characters, and one that is taken gets a number within them', () => {
  const long = 'A'.repeat(40);
  expect(sheetNames([long, long.toLowerCase(), long])).toEqual([
    'A'.repeat(31),
    `${'a'.repeat(30)}1`,
    `${'A'.repeat(30)}2`,
  ]);
});

test('a character is not cut in halves', () => {
  expect(sheetNames([`${'a'.repeat(30)}💍`])).toEqual(['a'.repeat(30)]);
});

test('a name that Excel keeps for itself gets a number', () => {
  expect(sheetNames(['History'])).toEqual(['History1']);
});
