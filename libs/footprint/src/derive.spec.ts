import { readTags } from './read-tags.js';
import { customer, footprintOf, invoice, line, matters } from './billing-for-tests.js';
import { change } from './matters-for-tests.js';
import { loadParser } from './parser.js';

beforeAll(loadParser);

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

  test('of equal values that are written in two ways a group shows one: a condition that tells them apart filters nothing inside', () => {
    const inner = (list: string) => `SELECT t.n FROM (SELECT i.total, count(*) AS n FROM invoice i ${list}) t WHERE`;
    const text = inner('GROUP BY i.total');
    expect(
      matters(`${text} t.total::text = '1.0'`, [], change('invoice', undefined, { ...invoice, total: '1.00' })),
    ).toBe(true);
    expect(matters(`${text} t.total = 1`, [], change('invoice', undefined, { ...invoice, total: '2' }))).toBe(false);
  });

  test('what stands beside VALUES is read', () => {
    const text = 'VALUES (1), (2) ORDER BY column1 * (SELECT sum(id) FROM customer) LIMIT (SELECT count(*) FROM line)';
    expect(matters(text, [], change('line', undefined, line))).toBe(true);
    expect(matters(text, [], change('customer', undefined, customer))).toBe(true);
  });
});
