import { tableName } from '@freshet/cache-keys';
import type { RowChange } from '@freshet/row-change';
import { analyse } from './analyse.js';
import { catalogOf } from './catalog-for-tests.js';
import { changeTags } from './change-tags.js';
import { coalesce } from './coalesce.js';
import { explain } from './explain.js';
import type { SqlValue } from './footprint.js';
import { change, factsIn, footprintIn, mattersIn } from './matters-for-tests.js';
import { loadParser } from './parser.js';
import { readTags } from './read-tags.js';

const TABLES = {
  invoice: 'id int8 key, customer_id int8, status text, total numeric, day date, notes text',
  customer: 'id int8 key, name text, city text, vip bool',
  line: 'id int8 key, invoice_id int8, amount numeric, code bpchar',
};
const catalog = catalogOf(TABLES);

beforeAll(loadParser);

const footprintOf = (text: string, known = catalog) => footprintIn(known, text);
const matters = (text: string, values: readonly SqlValue[], c: RowChange, known = catalog) =>
  mattersIn(known, text, values, c);

const invoice = { id: '7', customer_id: '1', status: 'paid', total: '10.50', day: '2024-05-01', notes: null };
const customer = { id: '1', name: 'A', city: 'Pune', vip: 't' };
const line = { id: '3', invoice_id: '7', amount: '5', code: 'x  ' };

describe('outer joins', () => {
  const left = 'SELECT c.id, i.id FROM customer c LEFT JOIN invoice i ON i.customer_id = c.id';

  test('a condition of ON does not filter the preserved side', () => {
    expect(matters(`${left} AND c.vip`, [], change('customer', undefined, { ...customer, vip: 'f' }))).toBe(true);
  });

  test('a condition of ON filters the nullable side', () => {
    expect(matters(`${left} AND i.status = 'void'`, [], change('invoice', undefined, invoice))).toBe(false);
  });

  test('an anti-join changes by a row that fails IS NULL', () => {
    expect(matters(`${left} WHERE i.id IS NULL`, [], change('invoice', undefined, invoice))).toBe(true);
  });

  test('a strict WHERE on the nullable side filters it', () => {
    expect(matters(`${left} WHERE i.status = 'void'`, [], change('invoice', undefined, invoice))).toBe(false);
  });

  test('a WHERE that a null-filled row passes filters nothing, even below another outer join', () => {
    const text = `SELECT l.id FROM line l LEFT JOIN invoice i ON i.id = l.invoice_id LEFT JOIN customer c ON c.id = i.customer_id WHERE i.notes IS NULL`;
    expect(matters(text, [], change('invoice', { ...invoice, notes: 'x' }, undefined))).toBe(true);
  });
});

describe('equality travels', () => {
  test('over an inner join to the other table', () => {
    const text = 'SELECT l.amount FROM invoice i JOIN line l ON l.invoice_id = i.id WHERE i.id = $1';
    expect(matters(text, [8], change('line', undefined, line))).toBe(false);
    expect(matters(text, [7], change('line', undefined, line))).toBe(true);
    expect(readTags(footprintOf(text), [7]).tags).toContain('t:line:invoice_id=7');
  });

  test('into a correlated sub-query', () => {
    const text = 'SELECT (SELECT count(*) FROM line l WHERE l.invoice_id = i.id) FROM invoice i WHERE i.id = $1';
    expect(matters(text, [8], change('line', undefined, line))).toBe(false);
  });

  test('not back from the nullable side', () => {
    const text = 'SELECT c.id FROM customer c LEFT JOIN invoice i ON i.customer_id = c.id AND i.customer_id = $1';
    expect(matters(text, [9], change('customer', undefined, customer))).toBe(true);
  });
});

describe('not through what looks at several rows', () => {
  test('a condition outside LIMIT filters nothing inside', () => {
    const text = `SELECT id FROM (SELECT id, status FROM invoice ORDER BY id LIMIT 3) t WHERE status = 'void'`;
    expect(matters(text, [], change('invoice', undefined, invoice))).toBe(true);
  });

  test('a condition on what GROUP BY names passes, one on an aggregate does not', () => {
    const text =
      'SELECT t.customer_id FROM (SELECT customer_id, sum(total) AS s FROM invoice GROUP BY customer_id) t WHERE';
    expect(matters(`${text} t.customer_id = 2`, [], change('invoice', undefined, invoice))).toBe(false);
    expect(matters(`${text} t.s > 100`, [], change('invoice', undefined, invoice))).toBe(true);
  });
});

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

describe('tags', () => {
  test('a range is a handful of buckets, and every day of it lies in one', () => {
    const footprint = footprintOf('SELECT id FROM invoice WHERE day >= $1 AND day < $2');
    const { tags, schemes } = readTags(footprint, ['2024-04-01', '2025-04-01']);
    expect(tags.length).toBeLessThanOrEqual(8);
    for (const day of ['2024-04-01', '2024-09-30', '2025-03-31']) {
      const own = changeTags(
        schemes,
        change('invoice', undefined, { ...invoice, day }),
        catalog.tables.get(tableName('public', 'invoice')),
      );
      expect(own).toEqual(expect.arrayContaining([expect.stringMatching(/./)]));
      expect(tags.some((t) => own.includes(t))).toBe(true);
    }
  });

  test('LIKE with a fixed beginning is a prefix', () => {
    expect(readTags(footprintOf('SELECT id FROM invoice WHERE status LIKE $1'), ['pa%']).tags).toEqual([
      't:invoice:status^2=pa',
    ]);
  });

  test('IN beyond the bound becomes the whole table', () => {
    const many = Array.from({ length: 500 }, (_, i) => i);
    expect(readTags(footprintOf('SELECT id FROM invoice WHERE id = ANY($1)'), [many]).tags).toEqual(['t:invoice:']);
  });

  test('one tag per scheme and image, however many reads there are', () => {
    const { schemes } = readTags(footprintOf('SELECT id FROM invoice WHERE customer_id = $1 AND status = $2'), [
      1,
      'paid',
    ]);
    const own = changeTags(
      schemes,
      change('invoice', invoice, { ...invoice, status: 'sent' }),
      catalog.tables.get(tableName('public', 'invoice')),
    );
    expect(own).toEqual(['t:invoice:customer_id=1&status=paid', 't:invoice:customer_id=1&status=sent']);
  });
});

describe('several changes of one row in one transaction', () => {
  const there = change('invoice', invoice, { ...invoice, status: 'void' });
  const back = change('invoice', { ...invoice, status: 'void' }, invoice);

  test('there and back is no change', () => {
    const net = coalesce([there, back], factsIn(catalog));
    expect(net).toHaveLength(1);
    expect(net[0]?.after).toEqual(net[0]?.before);
  });

  test('inserted and deleted leaves nothing', () => {
    expect(
      coalesce([change('invoice', undefined, invoice), change('invoice', invoice, undefined)], factsIn(catalog)),
    ).toEqual([]);
  });

  test('deleted and inserted again is an update', () => {
    const net = coalesce(
      [change('invoice', invoice, undefined), change('invoice', undefined, { ...invoice, notes: 'x' })],
      factsIn(catalog),
    );
    expect(net.map((c) => [c.op, c.before, c.after])).toEqual([['update', invoice, { ...invoice, notes: 'x' }]]);
  });
});

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
