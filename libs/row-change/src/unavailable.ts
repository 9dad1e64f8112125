import { UNAVAILABLE } from './row-change.js';

/**
 * What the connector writes in the place of an unchanged TOAST column: a text that each type carries in its own way. A real value that
 * happens to be the same text is taken for unknown too, which costs an entry and never freshness.
 */
const PLACEHOLDER = '__debezium_unavailable_value';
const FORMS = [
  PLACEHOLDER,
  'X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==', // bytea as base64
  '5f5f646562657a69756d5f756e617661696c61626c655f76616c7565', // bytea as hex
  'b68a35a7-17ad-35b3-af2a-ae46edb4545a', // item of a uuid array: the text's MD5 as a name-based UUID
  `{"${PLACEHOLDER}":"${PLACEHOLDER}"}`, // hstore as JSON
];
/** Looked up by length first: no text is read that cannot be one. */
const BY_LENGTH = new Map(FORMS.map((form) => [form.length, form]));
/** int[] and bigint[] hold the text's bytes. */
const BYTES = [...PLACEHOLDER].map((character) => character.charCodeAt(0));

/** The beginnings of all forms as they stand in a JSON text; an escape could hide any of them. */
const TRACES = ['__debezium', 'X19kZWJl', '5f5f6465', 'b68a35a7-', '95,95,100', '95, 95', '\\u'];

/** Whether the text can hold a placeholder at all: a search through the text is far cheaper than a look at every column. */
export function mayHoldUnavailable(text: string): boolean {
  return TRACES.some((trace) => text.includes(trace));
}

/** Replaces, in place, every placeholder of one row image. The image is freshly parsed and nobody else's. */
export function markUnavailable(row: Record<string, unknown>): void {
  for (const name in row) {
    const value = row[name];
    if (typeof value === 'string' ? isPlaceholder(value) : typeof value === 'object' && holdsPlaceholder(value)) {
      row[name] = UNAVAILABLE;
    }
  }
}

export function isPlaceholder(text: string): boolean {
  return BY_LENGTH.get(text.length) === text;
}

function holdsPlaceholder(value: object | null): boolean {
  if (value === null) return false;
  if (!Array.isArray(value)) return PLACEHOLDER in value;
  const items: readonly unknown[] = value;
  if (items.length === 1) return typeof items[0] === 'string' && isPlaceholder(items[0]);
  return items.length === BYTES.length && items.every((item, i) => item === BYTES[i]);
}
