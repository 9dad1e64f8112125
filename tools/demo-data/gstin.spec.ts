import { checkDigit, gstin, pan } from './gstin.js';
import { Random } from './random.js';

test('the check digit of a published number comes out', () => {
  expect(checkDigit('27AAPFU0939F1Z')).toBe('V');
});

test('a made number has the form of a GSTIN of its state', () => {
  const random = new Random(1, 1);
  for (let i = 0; i < 200; i++) expect(gstin('08', pan(random))).toMatch(/^08[A-Z]{5}\d{4}[A-Z]1Z[0-9A-Z]$/);
});
