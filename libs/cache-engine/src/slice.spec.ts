import { type Change } from '@freshet/row-change';
import { sortOut } from './slice.js';

const table = { schema: 'public', table: 'item' };
const row = (xid: number, commitMs: number): Change => ({
  kind: 'row',
  table,
  op: 'delete',
  before: { id: 1 },
  after: undefined,
  xid,
  commitMs,
  lsn: 1n,
});
const read = (commitMs: number): Change => ({ kind: 'snapshot-read', table, xid: 900, commitMs, lsn: 1n });

describe('a slice in which the connector read existing rows', () => {
  it('is as far as its last commit, not as the moment of the reading: commits from before that are still to come', () => {
    expect(sortOut([row(7, 1000), read(5000)]).watermarkMs).toBe(999);
    expect(sortOut([read(5000)]).watermarkMs).toBeUndefined();
  });

  it('does not end the transaction that the reading fell into', () => {
    expect(sortOut([row(7, 1000), read(5000)]).xids).toEqual([7]);
  });

  it('costs every entry of the table', () => {
    expect(sortOut([read(5000)]).wipes).toEqual([table]);
  });
});
