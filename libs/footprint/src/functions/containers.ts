import { equalValues } from '../types/families.js';
import { Json, jsonContains, jsonHasKey, jsonMember, jsonPath, jsonText, type JsonNode } from '../types/json.js';
import type { Range } from '../types/range.js';
import { UNKNOWN, isKnown, type Known, type Value } from '../types/value.js';
import type { Strict, Table } from './table.js';

type List = readonly Value[];

/** Whether an element occurs; nulls match nothing. Undefined: not known. */
function holds(list: List, x: Known): boolean | undefined {
  const answers = list.map((y) => (isKnown(y) ? equalValues('array', [x], [y]) : y === null ? false : undefined));
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}

function contains(a: List, b: List): Value {
  const answers = b.map((x) => (isKnown(x) ? holds(a, x) : x === null ? false : undefined));
  return answers.includes(false) ? false : answers.includes(undefined) ? UNKNOWN : true;
}

function overlaps(a: List, b: List): Value {
  const answers = b.map((x) => (isKnown(x) ? holds(a, x) : x === null ? false : undefined));
  return answers.includes(true) ? true : answers.includes(undefined) ? UNKNOWN : false;
}

function json(node: JsonNode | undefined): Value {
  return node === undefined ? null : new Json(node);
}

function jsonAsText(node: JsonNode | undefined): Value {
  if (node === undefined) return null;
  const text = jsonText(node);
  return text === undefined ? UNKNOWN : text;
}

/** `->` takes a text for objects and an integer for arrays. */
function step(s: string | bigint): string | number {
  return typeof s === 'bigint' ? Number(s) : s;
}

const strict: Readonly<Record<string, Strict>> = {
  cardinality: (a: List) => BigInt(a.length),
  array_length: (a: List) => (a.length === 0 ? null : BigInt(a.length)),
  element: (a: List, i: bigint) => a[Number(i) - 1] ?? null,
  'contains:array': contains,
  'overlaps:array': overlaps,
  'holds:range': (r: Range, x: bigint) => r.holds(x),
  'contains:range': (a: Range, b: Range) => a.contains(b),
  'overlaps:range': (a: Range, b: Range) => a.overlaps(b),
  'contains:jsonb': (a: Json, b: Json) => jsonContains(a.node, b.node),
  'member:jsonb': (a: Json, s: string | bigint) => json(jsonMember(a.node, step(s))),
  'membertext:jsonb': (a: Json, s: string | bigint) => jsonAsText(jsonMember(a.node, step(s))),
  'path:jsonb': (a: Json, path: List) =>
    path.every((p) => typeof p === 'string') ? json(jsonPath(a.node, path)) : UNKNOWN,
  'pathtext:jsonb': (a: Json, path: List) =>
    path.every((p) => typeof p === 'string') ? jsonAsText(jsonPath(a.node, path)) : UNKNOWN,
  'haskey:jsonb': (a: Json, key: string) => jsonHasKey(a.node, key),
};

export const containers: Table = { strict, lenient: {} };
