import { ApiError } from '../../../api-error.js';
import { parseDate } from '../../../parameters.js';

/** Which days, and which kinds of invoices: `both`, `outward` or `inward`; any other word means none. */
export interface ExcelRange {
  readonly from: string;
  readonly to: string;
  readonly type: string;
}

const SUPPLIES = [
  { type: 'outward', title: 'Outward Supply' },
  { type: 'inward', title: 'Inward Supply' },
] as const;

/** The kinds asked for, in the order shown. */
export function supplies({ type: asked }: ExcelRange): readonly (typeof SUPPLIES)[number][] {
  return SUPPLIES.filter(({ type }) => asked === 'both' || asked === type);
}

/** What the body of the request asks for. @throws ApiError 400 */
export function excelRange(body: unknown): ExcelRange {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('body');
  const fields = body as Readonly<Record<string, unknown>>;
  const [start, end] = [fields['start_date'], fields['end_date']];
  if (!start || !end) throw new ApiError(400, { error: 'Start date and end date are required' });
  // Absent means both kinds; any other word, or none, means no kind.
  const type = fields['invoice_type'] === undefined ? 'both' : fields['invoice_type'];
  return { from: day(start, 'start_date'), to: day(end, 'end_date'), type: typeof type === 'string' ? type : '' };
}

function day(value: unknown, name: string): string {
  const parsed = typeof value === 'string' && value.includes('-') ? parseDate(value) : undefined;
  if (parsed === undefined) throw invalid(name);
  return parsed;
}

function invalid(name: string): ApiError {
  return new ApiError(400, { detail: `Invalid value for '${name}'.` });
}
