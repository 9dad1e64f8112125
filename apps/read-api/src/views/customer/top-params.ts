import { badParameter } from '../../api-error.js';
import { date, text, wholeNumber } from '../../parameters.js';
import { type ViewRequest } from '../../view.js';

/** What the lists of the greatest customers and products are asked by. Other views say `business_id`; these say `business`. */
export type TopParams = {
  readonly business?: string | undefined;
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
  readonly limit: number;
};

const DEFAULT_LIMIT = 5;

/** @throws ApiError 400 */
export function topParams(request: ViewRequest): TopParams {
  return {
    business: wholeNumber(request, 'business'),
    start_date: date(request, 'start_date'),
    end_date: date(request, 'end_date'),
    limit: limit(request),
  };
}

/** Nothing bounds it; 0 asks for nothing. */
function limit(request: ViewRequest): number {
  const value = text(request, 'limit');
  if (value === undefined) return DEFAULT_LIMIT;
  if (!/^\s*(\+?\d+|-0+)\s*$/.test(value)) throw badParameter('limit');
  return Math.min(Math.abs(Number(value)), Number.MAX_SAFE_INTEGER);
}

export const topSpecimens: readonly TopParams[] = [
  { limit: 5 },
  { limit: 5, business: '1', start_date: '2024-04-01', end_date: '2025-03-31' },
];
