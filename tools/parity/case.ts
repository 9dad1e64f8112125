/** JSON as it comes out of JSON.parse. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Where two answers differ, and how. */
export interface Difference {
  readonly at: string;
  readonly expected: Json | undefined;
  readonly got: Json | undefined;
}

/** What the date-dependent places of an answer follow from. */
export interface Clock {
  /** The inward bills of a GST summary: id, number, date, total, tax. */
  readonly aging?: readonly (readonly [number, string, string, number, number])[];
  /** The whole body for each financial year that today may fall in. */
  readonly by_year?: Readonly<Record<string, Json>>;
}

/** An answer that would be right. A recorded case is one, and so is what a fix expects in its place. */
export interface Expectation {
  readonly status: number;
  readonly content_type?: string;
  readonly body?: Json;
  readonly body_omitted?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly order?: 'any' | 'content';
  readonly order_paths?: readonly string[];
  readonly order_ignore?: readonly string[];
  readonly exact_order?: boolean;
  readonly volatile_paths?: readonly string[];
  readonly clock?: Clock | null;
  readonly compare?: 'exact' | 'status' | 'order-by-id';
}

/** One recorded request with its answer. */
export interface Case extends Expectation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly auth: string;
  readonly accept?: string;
}

type Expected = Partial<Expectation> & { readonly recorded?: boolean };

/** Where the contract departs from the recording. */
export interface Fix {
  readonly kind: string;
  readonly section: string;
  readonly expect: Expected | { readonly any: readonly Expected[] };
}

export interface Tokens {
  readonly secret: string;
  /** A name for each `Authorization` header; null is none. */
  readonly headers: Readonly<Record<string, string | null>>;
}

/** Every answer that a fix allows. What it does not settle, the order above all, is as open as in the recording. */
export function expectationsOf(recorded: Case, fix: Fix | undefined): readonly Expectation[] {
  if (fix === undefined) return [recorded];
  const allowed = 'any' in fix.expect ? fix.expect.any : [fix.expect];
  return allowed.map((expected) => expectationOf(recorded, expected));
}

function expectationOf(recorded: Case, { recorded: starts, ...own }: Expected): Expectation {
  if (starts === true) return { ...recorded, clock: null, ...own };
  const settled = typeof recorded.body !== 'object' || recorded.body === null || own.exact_order === true;
  return { ...(settled ? {} : openOrder(recorded)), ...own, status: own.status ?? 200 };
}

/** `content` speaks of rows that the original picks by chance: no fix leaves that open. */
function openOrder({ order, order_paths, order_ignore }: Case): Partial<Expectation> {
  return {
    ...(order === undefined || order === 'content' ? {} : { order }),
    ...(order_paths === undefined ? {} : { order_paths }),
    ...(order_ignore === undefined ? {} : { order_ignore }),
  };
}
