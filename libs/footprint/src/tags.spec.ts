import { tableName } from '@freshet/cache-keys';
import { changeTags } from './change-tags.js';
import { coalesce } from './coalesce.js';
import { readTags } from './read-tags.js';
import { catalog, footprintOf, invoice } from './billing-for-tests.js';
import { change, factsIn } from './matters-for-tests.js';
import { loadParser } from './parser.js';

beforeAll(loadParser);

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
