import { roundedSum } from './summary.js';

test.each([
  ['2060.500', 2061n, '+0.500'],
  ['200000.003', 200000n, '-0.003'],
  ['1030.000', 1030n, '-0.000'],
  ['0.999', 1n, '+0.001'],
  ['0.499', 0n, '-0.499'],
  ['-0.500', -1n, '--0.500'],
  ['-2.000', -2n, '-0.000'],
  ['110000000125.000', 110000000125n, '-0.000'],
])('%s rounds to %d rupees, written %s', (amount, rupees, roundOff) => {
  expect(roundedSum({ amount })).toEqual({ rupees, roundOff });
});

test('an invoice without lines has a rest without digits', () => {
  expect(roundedSum({ amount: null })).toEqual({ rupees: 0n, roundOff: '-0' });
});
