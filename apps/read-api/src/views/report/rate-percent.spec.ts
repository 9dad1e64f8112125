import { exact } from './exact.js';
import { exactRatePercent, ratePercent } from './rate-percent.js';

test.each([
  ['0.0300', 3],
  ['3.0000', 3],
  ['1.0000', 100],
  ['1.0001', 1.0001],
  ['0.0000', 0],
  ['0.2800', 28.000000000000004],
])('%s is %d percent', (stored, percent) => {
  expect(ratePercent(stored)).toBe(percent);
});

test('the exact percent has no noise', () => {
  expect(exactRatePercent('0.2800')).toBe(exact('28'));
  expect(exactRatePercent('0.0025')).toBe(exact('0.25'));
  expect(exactRatePercent('12.0000')).toBe(exact('12'));
});
