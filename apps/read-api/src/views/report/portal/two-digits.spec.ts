import { exact } from '../exact.js';
import { roundedNumber } from './two-digits.js';

test.each([
  ['0.125', 0.12],
  ['0.135', 0.14],
  ['0.125001', 0.13],
  ['-0.125', -0.12],
  ['-0.001', 0],
])('%s is rounded half to even: %d', (text, value) => {
  expect(roundedNumber(exact(text)) + 0).toBe(value);
});
