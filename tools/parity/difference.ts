import { type Difference, type Expectation, type Json, type JsonObject } from './case.js';
import { tableDifference } from './csv-difference.js';
import { isSignedLink, linkFault } from './media-link.js';

/** How one body is compared with another. */
export interface Rules {
  /** Lists whose order is open, by place; `every` opens all of them. */
  readonly openLists: ReadonlySet<string> | 'every';
  /** Places or keys whose value does not count; they must only be there. */
  readonly masked: ReadonlySet<string>;
  /** Whether names inside a cell of a CSV may change places. */
  readonly openCells: boolean;
  readonly secret: string;
  readonly nowSeconds: number;
}

export function rulesOf(expected: Expectation, secret: string, nowSeconds: number): Rules {
  const open = expected.order === 'any';
  const every = expected.compare === 'order-by-id' || (open && expected.order_paths === undefined);
  return {
    openLists: every ? 'every' : new Set(open ? expected.order_paths : []),
    masked: new Set([...(expected.volatile_paths ?? []), ...(expected.order_ignore ?? [])]),
    openCells: open,
    secret,
    nowSeconds,
  };
}

/** The first difference between two bodies. `place` is a path of keys, with `*` for any element of a list. */
export function difference(want: Json, got: Json | undefined, rules: Rules, place = ''): Difference | undefined {
  if (isSignedLink(want) && isSignedLink(got)) return linkDifference(want, got, rules, place);
  if (rules.masked.has(place) || rules.masked.has(place.slice(place.lastIndexOf('/') + 1))) {
    return got === undefined ? { at: place, expected: want, got } : undefined;
  }
  if (isList(want) && isList(got)) return listDifference(want, got, rules, place);
  if (isObject(want) && isObject(got)) return objectDifference(want, got, rules, place);
  if (typeof want === 'string' && typeof got === 'string' && want.includes('\r\n')) {
    return tableDifference(want, got, rules.openCells, place);
  }
  return isSame(want, got) ? undefined : { at: place, expected: want, got };
}

function isSame(a: Json, b: Json | undefined): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 1e-6 + 1e-12 * Math.abs(a);
  return a === b;
}

function linkDifference(want: string, got: string, rules: Rules, place: string): Difference | undefined {
  const fault = linkFault(want, got, rules.secret, rules.nowSeconds);
  return fault === undefined ? undefined : { at: place, expected: want, got: `${got} (${fault})` };
}

function objectDifference(want: JsonObject, got: JsonObject, rules: Rules, place: string): Difference | undefined {
  for (const [key, value] of Object.entries(want)) {
    const found = difference(value, got[key], rules, `${place}/${key}`);
    if (found !== undefined) return found;
  }
  const extra = Object.keys(got).find((key) => !(key in want));
  return extra === undefined ? undefined : { at: `${place}/${extra}`, expected: undefined, got: got[extra] };
}

function listDifference(
  want: readonly Json[],
  got: readonly Json[],
  rules: Rules,
  place: string,
): Difference | undefined {
  if (want.length !== got.length) {
    return { at: place, expected: `${want.length} elements`, got: `${got.length} elements` };
  }
  const open = rules.openLists === 'every' || rules.openLists.has(place);
  const [a, b] = open ? [arranged(want, rules), arranged(got, rules)] : [want, got];
  for (const [index, element] of a.entries()) {
    const found = difference(element, b[index], rules, `${place}/*`);
    if (found !== undefined) return { ...found, at: found.at.replace(`${place}/*`, `${place}/${index}`) };
  }
  return undefined;
}

/** A list of open order in an order that both sides share. Masked keys must not have a say in it. */
function arranged(list: readonly Json[], rules: Rules): readonly Json[] {
  const keyed = list.map((element) => ({ element: blanked(element, rules), key: sortKey(blanked(element, rules)) }));
  return keyed.sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true })).map(({ element }) => element);
}

function blanked(value: Json, rules: Rules): Json {
  if (isList(value)) return value.map((element) => blanked(element, rules));
  if (!isObject(value)) return value;
  const pairs = Object.entries(value).map(([key, v]) => [key, rules.masked.has(key) ? 0 : blanked(v, rules)]);
  return Object.fromEntries(pairs) as JsonObject;
}

/** Rows by id; anything else by its text, with numbers cut so that noise in the last digits moves nothing. */
function sortKey(value: Json): string {
  if (isObject(value) && typeof value['id'] === 'number') return `${value['id']}`;
  return JSON.stringify(steady(value));
}

function steady(value: Json): Json {
  if (typeof value === 'number') return Number(value.toFixed(3)) + 0;
  if (isList(value)) return value.map(steady).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, steady(value[key] ?? null)]));
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
