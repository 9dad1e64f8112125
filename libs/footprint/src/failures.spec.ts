import { catalogOf } from './catalog-for-tests.js';
import { change, mattersIn } from './matters-for-tests.js';
import { loadParser } from './parser.js';

const catalog = catalogOf({ t: 'id int4 key, g int4, i int4, x numeric, f float8, s text, pattern text' });
const row = { id: '2', g: '2', i: '5', x: '1', f: '1', s: '1', pattern: 'a' };

beforeAll(loadParser);

/** PostgreSQL may evaluate them before `g = 1`, which shuts the row out: a statement that fails has changed. */
describe('a row that fails the predicate and makes the statement fail', () => {
  test.each([
    ['a number of too many digits for its type', 'x::numeric(3, 2) < 2', { x: '10' }],
    ['a sum that its type does not hold', 'i * 2 > 10', { i: '2000000000' }],
    ['a number without its opposite', 'abs(i) > 5', { i: '-2147483648' }],
    ['a division by zero, of floats', '1 / f > 0', { f: '0' }],
    ['a text that is no JSON, though nearly', `s::jsonb = '1'`, { s: '01' }],
    ['a pattern that is none', `s ~ pattern`, { pattern: '[' }],
    ['a pattern that is none, for SIMILAR TO', `s SIMILAR TO pattern`, { pattern: '[' }],
    ['a pattern that ends in its escape', `s LIKE pattern`, { pattern: 'a\\' }],
  ])('%s', (_, condition, values) => {
    const text = `SELECT id FROM t WHERE ${condition} AND g = 1`;
    expect(mattersIn(catalog, text, [], change('t', undefined, { ...row, ...values }))).toBe(true);
  });

  test.each([['x::numeric(3, 2) < 0'], ['i * 2 > 10000'], ['abs(i) > 5'], ['1 / f < 0'], [`s::jsonb = '2'`]])(
    'and one that only fails %s',
    (condition) => {
      expect(mattersIn(catalog, `SELECT id FROM t WHERE ${condition}`, [], change('t', undefined, row))).toBe(false);
    },
  );
});
