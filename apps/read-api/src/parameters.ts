import { ApiError, badParameter, notFound } from './api-error.js';
import { type ViewRequest } from './view.js';

const LARGEST_ID = 2n ** 63n - 1n;
/** Stands for every number that cannot be an id: it matches no row, and all such requests share one entry. */
const NO_ROW = '-1';

/** A text parameter; undefined when absent or empty. @throws ApiError 400 on a NUL byte */
export function text(request: ViewRequest, name: string): string | undefined {
  const value = request.query[name];
  if (value?.includes('\0')) throw badParameter(name);
  return value === '' ? undefined : value;
}

/** What `search` looks for, untrimmed. Its 400 for NUL bytes is a bare array, unlike that of every other parameter. */
export function searchText(request: ViewRequest, name = 'search'): string | undefined {
  const value = request.query[name];
  if (value?.includes('\0')) throw new ApiError(400, ['Null characters are not allowed.']);
  return value === '' ? undefined : value;
}

/**
 * A whole number as canonical decimal text: blanks around, a sign and leading zeros are fine. Negative ones and those beyond 64 bits
 * become -1, which matches no row. @throws ApiError 400
 */
export function wholeNumber(request: ViewRequest, name: string): string | undefined {
  const value = text(request, name);
  if (value === undefined) return undefined;
  const digits = /^\s*([+-]?\d+)\s*$/.exec(value)?.[1];
  if (digits === undefined) throw badParameter(name);
  return idText(digits);
}

/** `{id}` of a router path: digits, leading zeros and a minus sign; anything else is 404. @throws ApiError 404 */
export function pathId(request: ViewRequest, name = 'id'): string {
  const value = request.path[name] ?? '';
  if (!/^-?\d+$/.test(value)) throw notFound();
  return idText(value);
}

function idText(digits: string): string {
  const id = BigInt(digits.replace(/^\+/, ''));
  return id < 0n || id > LARGEST_ID ? NO_ROW : id.toString();
}

/** A date as `YYYY-MM-DD`; month and day may come with one digit, or all eight without hyphens. @throws ApiError 400 */
export function date(request: ViewRequest, name: string): string | undefined {
  const value = text(request, name);
  if (value === undefined) return undefined;
  const parsed = parseDate(value);
  if (parsed === undefined) throw badParameter(name);
  return parsed;
}

/** The canonical form of a date that the contract accepts; undefined for anything else. */
export function parseDate(value: string): string | undefined {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(value) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(value);
  if (match === null) return undefined;
  const [year, month, day] = [match[1], match[2], match[3]].map((part) => Number(part)) as [number, number, number];
  const last = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  if (year < 1 || day < 1 || day > last) return undefined;
  return `${match[1]}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
