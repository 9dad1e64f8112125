import { tableName, type Tag } from '@freshet/cache-keys';
import { catalogOf } from './catalog-for-tests.js';
import { changeTags } from './change-tags.js';
import type { SqlValue } from './footprint.js';
import { change, footprintIn } from './matters-for-tests.js';
import { loadParser } from './parser.js';
import { readTags } from './read-tags.js';

const catalog = catalogOf({ sale: 'id int8 key, total numeric' });
const BETWEEN = 'SELECT id FROM sale WHERE id BETWEEN $1 AND $2';

beforeAll(loadParser);

const read = (text: string, values: readonly SqlValue[]) => readTags(footprintIn(catalog, text), values);

/** Whether a row that comes to be is looked for under one of the tags of the read. */
function meets(text: string, values: readonly SqlValue[], row: { id?: string; total?: string }): boolean {
  const { tags, schemes } = read(text, values);
  const inserted = change('sale', undefined, { id: '1', total: '1', ...row });
  const own = changeTags(schemes, inserted, catalog.tables.get(tableName('public', 'sale')));
  return own === 'whole-table' || own.some((one: Tag) => tags.includes(one));
}

test('spans beside each other share no tag, however large their numbers are', () => {
  for (const from of [0, 150_000, 12_345_678, 2_000_000_000, 900_000_000_000]) {
    expect(meets(BETWEEN, [from, from + 9], { id: String(from + 5) })).toBe(true);
    for (const beside of [from - 10, from + 20]) {
      expect(meets(BETWEEN, [from, from + 9], { id: String(beside) })).toBe(false);
    }
  }
});

test('a range of any length is a few tags, which reach little beyond it', () => {
  for (const length of [1, 10, 999, 123_456, 7_654_321, 2 ** 40]) {
    const from = 1_234_567;
    expect(read(BETWEEN, [from, from + length]).tags.length).toBeLessThanOrEqual(8);
    expect(meets(BETWEEN, [from, from + length], { id: String(from + 2 * length + 2) })).toBe(false);
  }
});

test('ranges with two ends are looked up under one scheme for each of a few lengths', () => {
  const schemes = new Set<string>();
  for (let from = 0; from < 300; from += 13) {
    for (const length of [20, 25, 30]) {
      for (const { parts } of read(BETWEEN, [from, from + length]).schemes) schemes.add(JSON.stringify(parts));
      for (let id = from; id <= from + length; id += 1) {
        expect(meets(BETWEEN, [from, from + length], { id: String(id) })).toBe(true);
      }
    }
  }
  expect(schemes.size).toBe(1);
});

test('a range without an end is a few tags, too', () => {
  const { tags } = read('SELECT id FROM sale WHERE total > $1', ['123456.78']);
  expect(tags.length).toBeLessThanOrEqual(8);
  expect(meets('SELECT id FROM sale WHERE total > $1', ['123456.78'], { total: '100' })).toBe(false);
});

test.each([
  ['0', '0.99'],
  ['-0.5', '0.5'],
  ['-100.25', '-99.75'],
  ['99999999999999999999', '100000000000000000000'],
  ['-Infinity', '5'],
  ['5', 'Infinity'],
  ['5', 'NaN'],
])('every number from %s to %s lies in an interval of the range, the ends too', (lo, hi) => {
  const inside = ['NaN', 'Infinity'].includes(hi) ? ['5', '1e3', '9007199254740993'] : [];
  for (const total of [lo, hi, ...inside]) {
    expect(meets('SELECT id FROM sale WHERE total >= $1 AND total <= $2', [lo, hi], { total })).toBe(true);
  }
});
