/** An exact decimal as millionths: quantities, rates and amounts have three digits, a tax rate four, quantity × rate six. */
export type Exact = bigint;

const DIGITS = 6;
const ONE = 10n ** BigInt(DIGITS);

/** Up to nine whole and six fraction digits: as a double, its millionths are off by less than a quarter. */
const FEW_DIGITS = /^-?\d{1,9}(?:\.\d{1,6})?$/;

/** @throws RangeError for more than six fraction digits, unless they are zeros: a fault of the view */
export function exact(text: string | null | undefined): Exact {
  return FEW_DIGITS.test(text ?? '0') ? BigInt(Math.round(Number(text ?? '0') * 1e6)) : ofManyDigits(text);
}

function ofManyDigits(text: string | null | undefined): Exact {
  const match = /^(-?)(\d+)(?:\.(\d{1,6})0*)?$/.exec(text ?? '0');
  if (match === null) throw new RangeError(`not a decimal of six digits: ${text}`);
  const magnitude = BigInt((match[2] ?? '') + (match[3] ?? '').padEnd(DIGITS, '0'));
  return match[1] === '-' ? -magnitude : magnitude;
}

export function exactText(value: Exact): string {
  const digits = (value < 0n ? -value : value).toString().padStart(DIGITS + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -DIGITS)}.${digits.slice(-DIGITS)}`;
}

const LARGEST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** The double nearest to the exact value: that is what a quotient of two whole doubles is, and what a text reads as. */
export function exactNumber(value: Exact): number {
  const isDouble = value <= LARGEST_SAFE && value >= -LARGEST_SAFE;
  return isDouble ? Number(value) / Number(ONE) : Number(exactText(value));
}

/** Exact only while the product has six fraction digits or fewer, as that of a quantity and a rate has. */
export function times(a: Exact, b: Exact): Exact {
  return (a * b) / ONE;
}

export function sum(values: Iterable<Exact>): Exact {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}
