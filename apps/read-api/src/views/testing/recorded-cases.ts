import { dataFile } from './recorded-database.js';

/** One recorded request and the answer that is right: the original's, or the contract's where that departs from it. */
export interface RecordedCase {
  readonly id: string;
  readonly path: string;
  readonly userId: number;
  readonly status: number;
  readonly body: unknown;
}

interface Line extends Omit<RecordedCase, 'userId'> {
  readonly auth: string;
  readonly [field: string]: unknown;
}
interface Expected {
  readonly any?: unknown;
  readonly recorded?: true;
  readonly compare?: string;
  readonly [field: string]: unknown;
}

/** The shell's own answers, and places that the views do not decide: they are compared with the running service, not here. */
const NOT_OF_VIEWS = new Set([301, 401, 403, 405, 406]);
const OPEN = ['order', 'clock', 'volatile', 'body_omitted'];

/** The cases whose answer is known to the last value: no open order, no clock, one answer allowed. */
export function recordedCases(): readonly RecordedCase[] {
  const fixes = JSON.parse(dataFile('fixes.json')) as Record<string, { expect: Expected }>;
  const headers = (JSON.parse(dataFile('tokens.json')) as { headers: Record<string, string | null> }).headers;
  return dataFile('cases.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .map((line) => fixed(line, fixes[line.id]?.expect))
    .filter((line) => line !== undefined)
    .filter((line) => !NOT_OF_VIEWS.has(line.status) && !OPEN.some((field) => line[field]))
    .map((line) => ({ ...line, userId: userOf(headers[line.auth] ?? '') }));
}

/** What a fix says in full is not open any more; what it leaves unsaid is as open as in the recording. */
function fixed(line: Line, expected: Expected | undefined): Line | undefined {
  if (expected === undefined) return line;
  if (expected.any !== undefined || (expected.compare ?? 'exact') !== 'exact') return undefined;
  if (expected.recorded) return { ...line, ...expected };
  const order = expected['exact_order'] ? null : line['order'];
  return { ...line, volatile: false, clock: null, order, ...expected };
}

function userOf(header: string): number {
  const payload = header.split('.')[1] ?? '';
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as { user_id?: number | string };
  return Number(claims.user_id ?? 0);
}
