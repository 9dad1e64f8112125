import { DAY, INFINITY } from '../types/time.js';
import { UNKNOWN, type Value } from '../types/value.js';
import type { Table } from './table.js';

const FIELDS: Readonly<Record<string, (d: Date) => number>> = {
  year: (d) => d.getUTCFullYear(),
  month: (d) => d.getUTCMonth() + 1,
  quarter: (d) => Math.floor(d.getUTCMonth() / 3) + 1,
  day: (d) => d.getUTCDate(),
  dow: (d) => d.getUTCDay(),
  isodow: (d) => d.getUTCDay() || 7,
  doy: (d) => Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / 86_400_000) + 1,
  hour: (d) => d.getUTCHours(),
  minute: (d) => d.getUTCMinutes(),
};

/** Years of four digits: before and after them lie the rules of eras and calendars. */
function calendar(micros: bigint): Date | undefined {
  if (micros >= INFINITY || micros <= -INFINITY) return undefined;
  const date = new Date(Number((micros - (((micros % 1000n) + 1000n) % 1000n)) / 1000n));
  const year = date.getUTCFullYear();
  return year >= 1000 && year <= 9999 ? date : undefined;
}

function extract(field: string, micros: bigint): Value {
  const date = calendar(micros);
  const read = FIELDS[field.toLowerCase()];
  return date === undefined || read === undefined ? UNKNOWN : { digits: BigInt(read(date)), scale: 0 };
}

function truncate(field: string, micros: bigint): Value {
  const date = calendar(micros);
  if (date === undefined) return UNKNOWN;
  const [y, m, d, h] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCHours()];
  const starts: Readonly<Record<string, number>> = {
    year: Date.UTC(y, 0, 1),
    quarter: Date.UTC(y, m - (m % 3), 1),
    month: Date.UTC(y, m, 1),
    week: Date.UTC(y, m, d - ((date.getUTCDay() + 6) % 7)),
    day: Date.UTC(y, m, d),
    hour: Date.UTC(y, m, d, h),
  };
  const start = starts[field.toLowerCase()];
  return start === undefined ? UNKNOWN : BigInt(start) * 1000n;
}

export const dates: Table = {
  strict: {
    'extract:date': (field: string, days: bigint) =>
      days >= INFINITY || days <= -INFINITY ? UNKNOWN : extract(field, days * DAY),
    'extract:timestamp': extract,
    'trunc:timestamp': truncate,
  },
  lenient: {},
};
