import { bytesText, durationText, pairs } from './output.js';

describe('what people read', () => {
  it('gives sizes with the unit that fits', () => {
    expect([0, 999, 1000, 12_345, 1_234_567, 999_999_999_999].map(bytesText)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '12.3 kB',
      '1.2 MB',
      '1000 GB',
    ]);
  });

  it('gives times with the unit that fits', () => {
    expect([12, 1500, 119_000, 180_000, 9_000_000].map(durationText)).toEqual([
      '12 ms',
      '1.5 s',
      '119.0 s',
      '3 min',
      '2.5 h',
    ]);
  });

  it('lines up names and values', () => {
    expect(pairs([['epoch', '7'], ['watermark', '']])).toEqual(['epoch      7', 'watermark']); // prettier-ignore
  });
});
