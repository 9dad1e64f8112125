import type { Random } from './random.js';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LETTERS = DIGITS.slice(10);

/** A permanent account number as a firm would have: five letters, four digits, a letter. */
export function pan(random: Random): string {
  const letters = (count: number) => Array.from({ length: count }, () => random.pick([...LETTERS])).join('');
  return `${letters(3)}F${letters(1)}${random.between(1000, 9999)}${letters(1)}`;
}

/** A number that passes the check of its last digit. */
export function gstin(stateCode: string, panNumber: string): string {
  const body = `${stateCode}${panNumber}1Z`;
  return body + checkDigit(body);
}

export function checkDigit(body: string): string {
  let sum = 0;
  [...body].forEach((character, i) => {
    const product = DIGITS.indexOf(character) * (i % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  });
  return DIGITS.charAt((36 - (sum % 36)) % 36);
}
