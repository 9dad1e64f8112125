import { OperatorError } from './errors.js';
import { readChange } from './row-change-text.js';

describe('readChange', () => {
  it('takes a short form, with the operation told by the images that are there', () => {
    const ops = [
      '{"table": "t", "after": {"id": 1}}',
      '{"table": "t", "before": {"id": 1}}',
      '{"table": "s.t", "before": {"id": 1}, "after": {"id": 2}}',
    ].map((text) => readChange(text));
    expect(ops.map(({ op, table }) => [op, table])).toEqual([
      ['insert', { schema: 'public', table: 't' }],
      ['delete', { schema: 'public', table: 't' }],
      ['update', { schema: 's', table: 't' }],
    ]);
  });

  it('takes an envelope as it stands in the log', () => {
    const envelope = { op: 'u', before: { id: 1 }, after: { id: 1, a: 2 }, source: { schema: 'x', table: 't', ts_ms: 5, txId: 7 } }; // prettier-ignore
    expect(readChange(JSON.stringify(envelope))).toMatchObject({ op: 'update', xid: 7, after: { id: 1, a: 2 } });
  });

  it.each([
    ['{', '--change is not JSON'],
    ['[]', '--change takes'],
    ['{"table": "t"}', 'neither a row before nor a row after'],
    ['{"table": "t", "after": {}, "afte": {}}', '--change takes'],
    ['{"op": "z", "source": {"schema": "public", "table": "t", "ts_ms": 1}, "after": {}}', 'not a row change'],
  ])('refuses %s', (text, message) => {
    expect(() => readChange(text)).toThrow(OperatorError);
    expect(() => readChange(text)).toThrow(message);
  });
});
