import { periodName, slashed } from './period.js';

test.each([
  ['2024-05-01', '2024-05-31', 'May 2024'],
  ['2024-04-30', '2024-06-01', 'April 2024 to June-2024'],
  ['2023-12-31', '2024-01-01', 'December 2023 to January 2024'],
  ['2023-06-01', '2024-06-30', 'June 2023 to June 2024'],
])('%s to %s is %s', (from, to, name) => {
  expect(periodName(from, to)).toBe(name);
});

test('a day is written without leading zeros', () => {
  expect(slashed('2024-05-02')).toBe('2/5/2024');
});
