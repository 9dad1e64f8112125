/** `2024-05-01 10:00:00.1+00` as sent by PostgreSQL under UTC → `2024-05-01T10:00:00.100000Z`: six fraction digits or none. */
export function dateTime(text: string, zone: 'Z' | '+00:00' = 'Z'): string {
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text);
  if (match === null) throw new RangeError(`not a time in UTC: ${text}`);
  const fraction = match[3] === undefined ? '' : `.${match[3].padEnd(6, '0')}`;
  return `${match[1]}T${match[2]}${fraction}${zone}`;
}

export function isTrue(text: string | null | undefined): boolean {
  return text === 't';
}

/** The double nearest to an exact decimal; SQL's NULL (a sum over no rows) is 0. */
export function numberOf(text: string | null | undefined): number {
  return Number(text ?? 0);
}

/** An exact decimal with `digits` fraction digits, rounded half to even: `2.912` → `2.91`, `0.125` → `0.12`, `0.135` → `0.14`. */
export function roundHalfEven(text: string, digits: number): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) throw new RangeError(`not a decimal: ${text}`);
  const fraction = (match[3] ?? '').padEnd(digits, '0');
  const kept = BigInt(`${match[2]}${fraction.slice(0, digits)}`);
  const rounded = kept + (roundsUp(fraction.slice(digits), kept) ? 1n : 0n);
  return placed(rounded, digits, match[1] === '-' && rounded !== 0n);
}

function roundsUp(rest: string, kept: bigint): boolean {
  const first = rest.charAt(0);
  if (first < '5') return false;
  return first > '5' || /[1-9]/.test(rest.slice(1)) || kept % 2n === 1n;
}

function placed(scaled: bigint, digits: number, negative: boolean): string {
  const text = scaled.toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${negative ? '-' : ''}${whole}${digits === 0 ? '' : `.${text.slice(-digits)}`}`;
}
