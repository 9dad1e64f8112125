import { unitCode } from './unit-code.js';

test.each([
  ['gms', 'GMS'],
  [' GM ', 'GMS'],
  ['Kgs', 'KGS'],
  ['pc', 'PCS'],
  ['nos', 'NOS'],
  ['Carat', 'CTM'],
  ['tola', 'OTH'],
  ['', 'OTH'],
  ['constructor', 'OTH'],
])('"%s" is %s', (unit, code) => {
  expect(unitCode(unit)).toBe(code);
});
