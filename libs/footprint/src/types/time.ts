import { trimBlanks } from './blanks.js';

export const INFINITY = 1n << 62n;
export const DAY = 86_400_000_000n;

const LAST_YEAR_OF_DATES = 5_874_897;
const LAST_YEAR_OF_TIMESTAMPS = 294_276;

const DATE = /^(\d{4,6})-(\d\d)-(\d\d)/;
const CLOCK = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?/;
const ZONE = /^ ?(Z|[+-]\d\d(?::?\d\d(?::\d\d)?)?)$/i;

/** Days since 1970. ISO texts only; whatever else PostgreSQL may accept is not known. A zone after a date says nothing. */
export function parseDate(text: string): bigint | undefined {
  const special = infinite(text);
  if (special !== undefined) return special;
  const t = trimBlanks(text);
  const m = DATE.exec(t);
  if (m === null || !/^(Z|)$/i.test(t.slice(m[0].length))) return undefined;
  return days(Number(m[1]), Number(m[2]), Number(m[3]));
}

/** Microseconds since 1970, of the clock on the wall: a zone is read and ignored, as PostgreSQL does. */
export function parseTimestamp(text: string): bigint | undefined {
  const parts = split(text);
  return parts === undefined || typeof parts === 'bigint' ? parts : parts.micros;
}

/** Microseconds since 1970 of an instant; a text without its zone is not known. */
export function parseInstant(text: string): bigint | undefined {
  const parts = split(text);
  if (parts === undefined || typeof parts === 'bigint') return parts;
  return parts.offset === undefined ? undefined : parts.micros - parts.offset;
}

export function parseTime(text: string): bigint | undefined {
  const t = trimBlanks(text);
  const m = CLOCK.exec(t);
  return m === null || m[0].length !== t.replace(/Z$/, '').length ? undefined : clock(m);
}

function infinite(text: string): bigint | undefined {
  const m = /^(-?)infinity$/i.exec(trimBlanks(text));
  return m === null ? undefined : m[1] === '-' ? -INFINITY : INFINITY;
}

function split(text: string): bigint | { micros: bigint; offset: bigint | undefined } | undefined {
  const special = infinite(text);
  if (special !== undefined) return special;
  const t = trimBlanks(text);
  const d = DATE.exec(t);
  const day = d === null ? undefined : days(Number(d[1]), Number(d[2]), Number(d[3]));
  if (d === null || day === undefined || Number(d[1]) > LAST_YEAR_OF_TIMESTAMPS) return undefined;
  let rest = t.slice(d[0].length);
  let micros = day * DAY;
  const c = /^[T ]/i.test(rest) ? CLOCK.exec(rest.slice(1)) : null;
  if (c !== null) {
    const time = clock(c);
    if (time === undefined) return undefined;
    micros += time;
    rest = rest.slice(1 + c[0].length);
  }
  if (rest === '') return { micros, offset: undefined };
  const z = ZONE.exec(rest);
  const shift = z === null ? undefined : offset(z[1] ?? 'Z');
  return shift === undefined ? undefined : { micros, offset: shift };
}

function offset(zone: string): bigint | undefined {
  if (/^z$/i.test(zone)) return 0n;
  const [h, m, s] = [
    zone.slice(1, 3),
    zone.slice(3).replaceAll(':', '').slice(0, 2),
    zone.slice(3).replaceAll(':', '').slice(2, 4),
  ];
  if (Number(h) > 15 || Number(m || 0) > 59 || Number(s || 0) > 59) return undefined;
  const seconds = BigInt(Number(h) * 3600 + Number(m || 0) * 60 + Number(s || 0));
  return (zone.startsWith('-') ? -seconds : seconds) * 1_000_000n;
}

function clock(m: RegExpExecArray): bigint | undefined {
  const [h, min, s] = [Number(m[1]), Number(m[2]), Number(m[3] ?? 0)];
  if (h > 24 || min > 59 || s > 59 || (h === 24 && (min > 0 || s > 0))) return undefined;
  return BigInt(h * 3600 + min * 60 + s) * 1_000_000n + BigInt((m[4] ?? '').padEnd(6, '0'));
}

function days(y: number, m: number, d: number): bigint | undefined {
  // There is no year 0.
  if (y < 1 || y > LAST_YEAR_OF_DATES) return undefined;
  const date = new Date(Date.UTC(2000, m - 1, d));
  date.setUTCFullYear(y, m - 1, d);
  if (date.getUTCFullYear() !== y || date.getUTCMonth() !== m - 1 || date.getUTCDate() !== d) return undefined;
  return BigInt(Math.floor(date.getTime() / 86_400_000));
}

const UNITS: ReadonlyMap<string, bigint> = new Map(
  Object.entries({
    year: 360n * DAY,
    mon: 30n * DAY,
    month: 30n * DAY,
    week: 7n * DAY,
    day: DAY,
    hour: DAY / 24n,
    minute: 60_000_000n,
    min: 60_000_000n,
    second: 1_000_000n,
    sec: 1_000_000n,
  }),
);

/** The length by which PostgreSQL compares intervals: a month is 30 days, a day 24 hours. */
export function parseInterval(text: string): bigint | undefined {
  const whole = trimBlanks(text);
  let rest = whole;
  let total = 0n;
  while (rest !== '') {
    const time = /^([+-]?)(\d+):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)? */.exec(rest);
    const amount = /^([+-]?\d+) *([a-z]+) */i.exec(rest);
    const name = (amount?.[2] ?? '').toLowerCase();
    const unit = UNITS.get(name) ?? UNITS.get(name.replace(/s$/, ''));
    if (time !== null) {
      const seconds = BigInt(Number(time[2]) * 3600 + Number(time[3]) * 60 + Number(time[4] ?? 0));
      total += (seconds * 1_000_000n + BigInt((time[5] ?? '').padEnd(6, '0'))) * (time[1] === '-' ? -1n : 1n);
      rest = rest.slice(time[0].length);
    } else if (amount !== null && unit !== undefined) {
      total += BigInt(amount[1] ?? '0') * unit;
      rest = rest.slice(amount[0].length);
    } else return undefined;
  }
  return whole === '' ? undefined : total;
}
