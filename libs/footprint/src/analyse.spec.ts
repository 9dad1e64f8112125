import { analyse } from './analyse.js';
import { explain } from './explain.js';
import { catalog, footprintOf } from './billing-for-tests.js';
import { loadParser } from './parser.js';

beforeAll(loadParser);

describe('refusals', () => {
  test.each([
    ['SELECT now()', 'now()'],
    ['SELECT id FROM invoice WHERE day < CURRENT_DATE', 'CURRENT_DATE'],
    [`SELECT id FROM invoice WHERE day = 'today'`, `'today'`],
    ['SELECT id FROM invoice FOR UPDATE', 'FOR UPDATE or FOR SHARE'],
    ['SELECT ctid FROM invoice', 'ctid'],
    ['SELECT id FROM missing', 'missing'],
    ['SELECT nope FROM invoice', 'nope'],
    ['SELECT 1; SELECT 2', 'statement'],
    ['WITH d AS (DELETE FROM line RETURNING *) SELECT count(*) FROM d', 'DELETE'],
  ])('%s names %s', (text, construct) => {
    const analysis = analyse({ name: 'q', text }, catalog);
    expect(analysis.kind === 'refused' && analysis.reasons.map((r) => r.construct)).toContain(construct);
  });

  test('a column, an alias or a text that looks like one is cached', () => {
    expect(analyse({ name: 'q', text: `SELECT id AS now FROM invoice WHERE notes = 'now()'` }, catalog).kind).toBe(
      'cacheable',
    );
  });
});

test('the same text and catalogue give the same id, another text another', () => {
  expect(footprintOf('SELECT id FROM invoice').id).toBe(footprintOf('SELECT id FROM invoice').id);
  expect(footprintOf('SELECT id FROM invoice').id).not.toBe(footprintOf('SELECT id  FROM invoice').id);
});

test('explain says what filters, what is used, and what is coarse', () => {
  const lines = explain(footprintOf(`SELECT id FROM invoice WHERE status = $1 AND md5(notes) = 'x'`), ['paid']);
  expect(lines).toEqual(
    expect.arrayContaining([
      'reads invoice',
      '  only rows with status = $1',
      '  columns used: id',
      'tag t:invoice:status=paid',
      expect.stringContaining('coarse: md5()'),
    ]),
  );
});
