import { catalogOf } from './catalog-for-tests.js';
import { readTags } from './read-tags.js';
import { TABLES, footprintOf, invoice, line, matters } from './billing-for-tests.js';
import { change } from './matters-for-tests.js';
import { loadParser } from './parser.js';

beforeAll(loadParser);

describe('three-valued logic', () => {
  test('NOT of a comparison with null is not true', () => {
    expect(matters('SELECT id FROM invoice WHERE NOT (notes = $1)', ['x'], change('invoice', undefined, invoice))).toBe(
      false,
    );
  });

  test('a comparison with a null parameter is never true', () => {
    expect(matters('SELECT id FROM invoice WHERE status = $1', [null], change('invoice', undefined, invoice))).toBe(
      false,
    );
  });

  test('an expression that is not computed may be true', () => {
    expect(matters(`SELECT id FROM invoice WHERE md5(status) = 'x'`, [], change('invoice', undefined, invoice))).toBe(
      true,
    );
  });

  test('a cast that may fail outweighs a false condition', () => {
    expect(
      matters(
        `SELECT id FROM invoice WHERE id = 7 AND total > 99 AND status::int > 1`,
        [],
        change('invoice', undefined, invoice),
      ),
    ).toBe(true);
  });
});

describe('equality is of the type', () => {
  test.each([['10.5'], ['10.50'], ['1.05e1']])('numeric 10.50 is %s', (value) => {
    expect(matters('SELECT id FROM invoice WHERE total = $1', [value], change('invoice', undefined, invoice))).toBe(
      true,
    );
  });

  test('padded text equals text without its padding', () => {
    expect(matters('SELECT id FROM line WHERE code = $1', ['x'], change('line', undefined, line))).toBe(true);
  });

  test('1.0 → 1.00 is seen in the output', () => {
    const c = change('invoice', { ...invoice, total: '1.0' }, { ...invoice, total: '1.00' });
    expect(matters('SELECT total FROM invoice', [], c)).toBe(true);
    expect(matters('SELECT id FROM invoice WHERE total = 1', [], c)).toBe(false);
  });
});

describe('columns', () => {
  test('an update of a column that is not read does not matter', () => {
    expect(
      matters(
        'SELECT id FROM invoice WHERE status = $1',
        ['paid'],
        change('invoice', invoice, { ...invoice, notes: 'x' }),
      ),
    ).toBe(false);
  });

  test('a column of the predicate may change while the predicate stays true', () => {
    expect(
      matters('SELECT id FROM invoice WHERE total > $1', [5], change('invoice', invoice, { ...invoice, total: '99' })),
    ).toBe(false);
  });

  test('an update out of the predicate matters', () => {
    expect(
      matters('SELECT id FROM invoice WHERE total > $1', [5], change('invoice', invoice, { ...invoice, total: '1' })),
    ).toBe(true);
  });

  test('a column that only orders is used', () => {
    expect(
      matters('SELECT id FROM invoice ORDER BY day', [], change('invoice', invoice, { ...invoice, day: '2024-06-01' })),
    ).toBe(true);
  });
});

describe('before images without REPLICA IDENTITY FULL', () => {
  const keys = catalogOf(TABLES, 'd');
  const gone = change('invoice', { ...invoice, status: null, customer_id: null, total: null, day: null }, undefined);

  test('the nulls beside the key are not values', () => {
    expect(matters(`SELECT id FROM invoice WHERE status = 'paid'`, [], gone, keys)).toBe(true);
  });

  test('only columns of the key carry tags', () => {
    expect(readTags(footprintOf(`SELECT id FROM invoice WHERE status = 'paid' AND id = 7`, keys), []).tags).toEqual([
      't:invoice:id=7',
    ]);
  });
});
