import { heartbeat, insert, record, sliceOf, source } from '../test/records.js';
import { readSlice } from './read-slice.js';

const snapshotRead = JSON.stringify({
  op: 'r',
  before: null,
  after: { id: 1 },
  source: source('customer', { snapshot: 'true' }),
});

describe('readSlice', () => {
  test('readable records become changes in their order', () => {
    const content = readSlice(sliceOf([insert('customer', { id: 1 }), null, heartbeat(5)]), false);
    expect(content.changes.map((change) => change.kind)).toEqual(['row', 'heartbeat']);
    expect(content).toMatchObject({ poison: [], ignored: 1, abandon: [], snapshotting: false });
  });

  test('a malformed record of a known table and transaction stands for "anything may have happened to that table"', () => {
    const bad = JSON.stringify({ op: 'c', after: null, source: source('customer', { txId: 9 }) });
    const content = readSlice(sliceOf([insert('invoice', { id: 1 }), bad]), false);
    expect(content.changes[1]).toMatchObject({
      kind: 'truncate',
      table: { schema: 'public', table: 'customer' },
      xid: 9,
    });
    expect(content.poison).toMatchObject([
      { reason: 'no after image', errorClass: 'Malformed', table: 'public.customer' },
    ]);
    expect(content.abandon).toEqual([]);
  });

  test.each([
    ['whose table is not known', 'garbage'],
    [
      'whose transaction is not known',
      JSON.stringify({ op: 'c', after: null, source: source('customer', { txId: null }) }),
    ],
  ])('a malformed record %s costs the whole cache', (_what, value) => {
    const content = readSlice(sliceOf([value], 7), false);
    expect(content.changes).toEqual([]);
    expect(content.abandon).toEqual([expect.stringContaining('unreadable record at offset 7')]);
    expect(content.poison).toHaveLength(1);
  });

  test('the first row that the connector reads anew costs the whole cache, the next ones nothing more', () => {
    const first = readSlice(sliceOf([snapshotRead, snapshotRead], 4), false);
    expect(first.abandon).toEqual(['the connector reads the tables anew']);
    const second = readSlice(sliceOf([snapshotRead]), first.snapshotting);
    expect(second.abandon).toEqual([]);
  });

  test('a log that begins with such rows has lost nothing', () => {
    expect(readSlice(sliceOf([snapshotRead]), false)).toMatchObject({ abandon: [], snapshotting: true });
  });

  test('a second snapshot after ordinary changes counts again', () => {
    const content = readSlice(sliceOf([snapshotRead, heartbeat(1), snapshotRead]), true);
    expect(content.abandon).toEqual(['the connector reads the tables anew']);
  });

  test('a discontinuity before the slice costs the whole cache', () => {
    const slice = { ...sliceOf([heartbeat(1)]), discontinuity: { reason: 'records are gone', startsOver: false } };
    expect(readSlice(slice, false).abandon).toEqual(['records are gone']);
  });

  test('a condemned record is treated as unreadable though it can be read', () => {
    const error = new TypeError('cannot compare');
    const slice = { ...sliceOf([]), records: [{ ...record(3, insert('customer', { id: 1 })), condemned: error }] };
    expect(readSlice(slice, false)).toMatchObject({
      changes: [{ kind: 'truncate', table: { table: 'customer' }, xid: 700 }],
      poison: [{ reason: 'cannot compare', errorClass: 'TypeError' }],
    });
  });

  test('a condemned heartbeat costs the whole cache: its number is what continuity hangs on', () => {
    const slice = { ...sliceOf([]), records: [{ ...record(3, heartbeat(4)), condemned: new Error('x') }] };
    expect(readSlice(slice, false)).toMatchObject({ changes: [], abandon: [expect.stringContaining('offset 3')] });
  });
});
