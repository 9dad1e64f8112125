const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A range of days in words: `May 2024`, `April 2024 to June-2024`, `December 2023 to June 2024`. */
export function periodName(from: string, to: string): string {
  const [a, b] = [monthOf(from), monthOf(to)];
  if (a.year !== b.year) return `${a.name} ${a.year} to ${b.name} ${b.year}`;
  return a.name === b.name ? `${a.name} ${a.year}` : `${a.name} ${a.year} to ${b.name}-${b.year}`;
}

function monthOf(day: string): { name: string; year: number } {
  return { name: MONTHS[Number(day.slice(5, 7)) - 1] ?? '', year: Number(day.slice(0, 4)) };
}

/** `2024-05-02` → `2/5/2024` */
export function slashed(day: string): string {
  return day.split('-').reverse().map(Number).join('/');
}
