import { amountInWords } from './amount-in-words.js';

const cases: readonly (readonly [bigint, string])[] = [
  [0n, 'Zero'],
  [13n, 'Thirteen'],
  [20n, 'Twenty'],
  [99n, 'Ninety-Nine'],
  [100n, 'One Hundred'],
  [101n, 'One Hundred And One'],
  [1_030n, 'One Thousand And Thirty'],
  [1_100n, 'One Thousand, One Hundred'],
  [32_647n, 'Thirty-Two Thousand, Six Hundred And Forty-Seven'],
  [100_001n, 'One Lakh And One'],
  [150_000n, 'One Lakh, Fifty Thousand'],
  [1_234_567n, 'Twelve Lakh, Thirty-Four Thousand, Five Hundred And Sixty-Seven'],
  [123_456_789n, 'Twelve Crore, Thirty-Four Lakh, Fifty-Six Thousand, Seven Hundred And Eighty-Nine'],
  [1_000_000_000n, 'One Hundred Crore'],
  [
    9_999_999_999n,
    'Nine Hundred And Ninety-Nine Crore, Ninety-Nine Lakh, Ninety-Nine Thousand, Nine Hundred And Ninety-Nine',
  ],
  [-5n, 'Minus Five'],
  [10_000_000_000n, '10000000000'],
];

test.each(cases)('%d rupees are written as %s', (rupees, words) => {
  expect(amountInWords(rupees)).toBe(`${words} Rupees Only`);
});
