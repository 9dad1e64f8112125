import { mediaType, type HttpAnswer } from './answer.js';
import {
  expectationsOf,
  type Case,
  type Difference,
  type Expectation,
  type Fix,
  type Json,
  type JsonObject,
} from './case.js';
import { difference, rulesOf } from './difference.js';
import { asOf } from './today.js';

const COMPARED_HEADERS = ['location', 'www-authenticate', 'content-disposition'];
const ENVELOPE = ['count', 'next', 'previous'];

export interface Moment {
  /** The server's date in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  readonly nowSeconds: number;
}

/** The first difference between an answer and the nearest it may be; undefined when it is right. */
export function judge(
  recorded: Case,
  fix: Fix | undefined,
  answer: HttpAnswer,
  secret: string,
  moment: Moment,
): Difference | undefined {
  const found = expectationsOf(recorded, fix).map((expected) =>
    check(asOf(moment.today, expected, fix !== undefined), answer, secret, moment.nowSeconds),
  );
  return found.includes(undefined) ? undefined : found[0];
}

function check(want: Expectation, answer: HttpAnswer, secret: string, nowSeconds: number): Difference | undefined {
  if (answer.status !== want.status) return { at: 'status', expected: want.status, got: answer.status };
  if (want.compare === 'status') return undefined;
  const header = headerDifference(want, answer);
  if (header !== undefined || want.status === 301) return header;
  const wanted = want.content_type ?? 'application/json';
  if (mediaType(answer.contentType) !== mediaType(wanted)) {
    return { at: 'content-type', expected: wanted, got: answer.contentType };
  }
  if (want.body_omitted !== undefined || want.body === undefined) return undefined;
  const rules = rulesOf(want, secret, nowSeconds);
  if (want.order === 'content' && want.compare !== 'order-by-id' && want.exact_order !== true) {
    const [a, b] = [envelope(want.body), envelope(answer.body)];
    return a === undefined || b === undefined ? undefined : difference(a, b, rules);
  }
  return difference(want.body, answer.body, rules);
}

function headerDifference(want: Expectation, answer: HttpAnswer): Difference | undefined {
  for (const name of COMPARED_HEADERS) {
    const wanted = want.headers?.[name];
    if (wanted !== undefined && answer.headers[name] !== wanted) {
      return { at: name, expected: wanted, got: answer.headers[name] as string | undefined };
    }
  }
  return undefined;
}

/** Where chance fills a page in the original, only the envelope can be compared. */
function envelope(body: Json): JsonObject | undefined {
  if (typeof body !== 'object' || body === null || !('count' in body)) return undefined;
  const page = body;
  return Object.fromEntries(ENVELOPE.map((key) => [key, page[key] ?? null]));
}
