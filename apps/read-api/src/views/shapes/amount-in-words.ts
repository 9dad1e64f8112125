const SMALL = [
  ...[
    'Zero',
    'One',
    'Two',
    'Three',
    'Four',
    'Five',
    'Six',
    'Seven',
    'Eight',
    'Nine',
    'Ten',
    'Eleven',
    'Twelve',
    'Thirteen',
  ],
  ...['Fourteen', 'Fifteen', 'Sixteen', 'Seventeen', 'Eighteen', 'Nineteen'],
];
const TENS = ['', '', 'Twenty', 'Thirty', 'Forty', 'Fifty', 'Sixty', 'Seventy', 'Eighty', 'Ninety'];
const UNITS = [
  [10_000_000, 'Crore'],
  [100_000, 'Lakh'],
  [1_000, 'Thousand'],
] as const;
/** From here on digits are written. */
const LIMIT = 10_000_000_000n;

/** `One Lakh, Fifty Thousand Rupees Only`: Indian English, grouped by crore, lakh and thousand. */
export function amountInWords(rupees: bigint): string {
  const size = rupees < 0n ? -rupees : rupees;
  if (size >= LIMIT) return `${rupees} Rupees Only`;
  return `${rupees < 0n ? 'Minus ' : ''}${words(Number(size))} Rupees Only`;
}

function words(number: number): string {
  const unit = UNITS.find(([size]) => number >= size);
  if (unit === undefined) return belowThousand(number);
  const [size, name] = unit;
  return joined(`${words(Math.floor(number / size))} ${name}`, number % size);
}

function belowThousand(number: number): string {
  if (number < 100) return belowHundred(number);
  return joined(`${SMALL[Math.floor(number / 100)]} Hundred`, number % 100);
}

/** `And` before a last part below a hundred, a comma before a greater one. */
function joined(head: string, rest: number): string {
  if (rest === 0) return head;
  return rest < 100 ? `${head} And ${belowHundred(rest)}` : `${head}, ${words(rest)}`;
}

function belowHundred(number: number): string {
  if (number < 20) return SMALL[number] ?? '';
  const ones = number % 10;
  return `${TENS[Math.floor(number / 10)]}${ones === 0 ? '' : `-${SMALL[ones]}`}`;
}
