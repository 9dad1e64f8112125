import { parseEnvelope, type Parsed } from './envelope.js';
import { UNAVAILABLE, type Change } from './row-change.js';
import { opened } from './opened-for-tests.js';

const SOURCE = {
  version: '3.6.3.Final',
  connector: 'postgresql',
  name: 'freshet',
  ts_ms: 1_700_000_000_123,
  snapshot: 'false',
  db: 'freshet',
  sequence: '["24023128","24023424"]',
  ts_us: 1_700_000_000_123_999,
  ts_ns: 1_700_000_000_123_999_000,
  schema: 'public',
  table: 'billing_customer',
  txId: 745,
  lsn: 24_023_424,
  xmin: null,
};

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function parse(envelope: unknown): Parsed {
  return opened(parseEnvelope(bytes(JSON.stringify(envelope))));
}

function changeOf(parsed: Parsed): Change {
  if (parsed.kind !== 'change') throw new Error(JSON.stringify(parsed));
  return parsed.change;
}

const event = (op: string, images: object = {}, source: object = {}) => ({
  before: null,
  after: null,
  source: { ...SOURCE, ...source },
  transaction: null,
  op,
  ts_ms: 1_700_000_000_200,
  ...images,
});

const ORIGIN = { xid: 745, commitMs: 1_700_000_000_123, lsn: 24_023_424n };
const TABLE = { schema: 'public', table: 'billing_customer' };

describe('rows', () => {
  test('an insert has an after image only', () => {
    expect(changeOf(parse(event('c', { after: { id: 1, name: 'A' } })))).toEqual({
      kind: 'row',
      op: 'insert',
      table: TABLE,
      before: undefined,
      after: { id: 1, name: 'A' },
      ...ORIGIN,
    });
  });

  test('an update has both images where the log carries the old one', () => {
    const full = changeOf(parse(event('u', { before: { id: 1, name: 'A' }, after: { id: 1, name: 'B' } })));
    expect(full).toMatchObject({ op: 'update', before: { name: 'A' }, after: { name: 'B' } });
    const bare = changeOf(parse(event('u', { after: { id: 1, name: 'B' } })));
    expect(bare).toMatchObject({ op: 'update', before: undefined, after: { name: 'B' } });
  });

  test('a delete has a before image only', () => {
    const change = changeOf(parse(event('d', { before: { id: 1, name: null } })));
    expect(change).toMatchObject({ op: 'delete', before: { id: 1, name: null }, after: undefined });
  });

  test('a truncate names the table', () => {
    expect(changeOf(parse(event('t')))).toEqual({ kind: 'truncate', table: TABLE, ...ORIGIN });
  });

  test('the commit time is rounded down to the millisecond, so that no watermark is ahead of it', () => {
    expect(changeOf(parse(event('t'))).commitMs).toBe(1_700_000_000_123);
    expect(changeOf(parse(event('t', {}, { ts_us: undefined, ts_ms: 5 }))).commitMs).toBe(5);
  });

  test.each([
    [4_294_967_295, 4_294_967_295],
    [4_294_967_296, undefined],
    [-1, undefined],
    ['7', undefined],
    [null, undefined],
  ])('transaction id %p is read as %p', (txId, xid) => {
    expect(changeOf(parse(event('t', {}, { txId }))).xid).toBe(xid);
  });

  test('a log position that a double cannot hold keeps its digits', () => {
    const text = JSON.stringify(event('t')).replace('"lsn":24023424', '"lsn":9223372036854775807');
    expect(changeOf(parseEnvelope(bytes(text))).lsn).toBe(9_223_372_036_854_775_807n);
  });

  test('an envelope with its schema is read like one without', () => {
    const bare = event('c', { after: { id: 1 } });
    expect(parse({ schema: { type: 'struct' }, payload: bare })).toEqual(parse(bare));
  });
});

describe('numbers', () => {
  const withAfter = (row: string) =>
    changeOf(parseEnvelope(bytes(`{"before":null,"after":${row},"source":${JSON.stringify(SOURCE)},"op":"c"}`)));

  test('two bigints that a double would make equal stay different', () => {
    const one = withAfter('{"id":9007199254740993}');
    const two = withAfter('{"id":9007199254740992}');
    expect(one).toMatchObject({ after: { id: '9007199254740993' } });
    expect(two).toMatchObject({ after: { id: '9007199254740992' } });
  });

  test('digits inside texts are left alone, whatever quotes and backslashes surround them', () => {
    const row = String.raw`{"a":"9007199254740993","b":"\\\"9007199254740993","c\\":"\\","d":-9007199254740993,"e":[1,9007199254740993]}`;
    expect(withAfter(row)).toMatchObject({
      after: {
        a: '9007199254740993',
        b: '\\"9007199254740993',
        'c\\': '\\',
        d: '-9007199254740993',
        e: [1, '9007199254740993'],
      },
    });
  });

  test('safe integers and doubles stay numbers, in the company of an unsafe one too', () => {
    const row = '{"a":9007199254740991,"b":1.0E300,"c":0.1234567890123456789,"d":-12,"e":9007199254740993}';
    expect(withAfter(row)).toMatchObject({
      after: { a: 9_007_199_254_740_991, b: 1e300, c: 0.123_456_789_012_345_68, d: -12 },
    });
  });

  test('negative zero is not zero', () => {
    expect(withAfter('{"a":-0.0,"b":0.0,"c":-0}')).toMatchObject({ after: { a: '-0', b: 0, c: '-0' } });
  });
});

describe('unavailable values', () => {
  const marker = '__debezium_unavailable_value';
  test.each([
    ['text', marker],
    ['bytea as base64', Buffer.from(marker).toString('base64')],
    ['bytea as hex', Buffer.from(marker).toString('hex')],
    ['text[]', [marker]],
    ['bytea[]', [Buffer.from(marker).toString('base64')]],
    ['uuid[]', ['b68a35a7-17ad-35b3-af2a-ae46edb4545a']],
    ['int[]', [...Buffer.from(marker)]],
    ['hstore', { [marker]: marker }],
    ['hstore as JSON', JSON.stringify({ [marker]: marker })],
  ])('%s is not a value', (_type, value) => {
    const change = changeOf(parse(event('u', { before: { id: 1, note: value }, after: { id: 1, note: value } })));
    expect(change).toMatchObject({ before: { id: 1, note: UNAVAILABLE }, after: { id: 1, note: UNAVAILABLE } });
  });

  test.each([[`${marker}!`], [[marker, 'x']], [[]], [{}], [null], [[1, 2]]])('%j is a value', (value) => {
    expect(changeOf(parse(event('c', { after: { note: value } })))).toMatchObject({ after: { note: value } });
  });
});

describe('what is not a row', () => {
  const message = (prefix: string, content: unknown) =>
    event(
      'm',
      { message: { prefix, content: Buffer.from(JSON.stringify(content)).toString('base64') } },
      { schema: '', table: '' },
    );

  test('a heartbeat carries its sequence number', () => {
    const beat = event('u', { after: { id: 1, seq: 41, at: '2026-01-01T00:00:00Z' } }, { table: 'freshet_heartbeat' });
    expect(changeOf(parse(beat))).toEqual({ kind: 'heartbeat', sequence: 41n, ...ORIGIN });
  });

  test('a heartbeat tells who wrote it and what was visible when it began', () => {
    const after = { id: 1, seq: 41, at: '2026-01-01T00:00:00Z', seen: 40, run: '1.5', since: 12, line: '7.00000001' };
    expect(changeOf(parse(event('u', { after }, { table: 'freshet_heartbeat' })))).toMatchObject({
      seen: 40n,
      server: { run: '1.5', since: 12n, line: '7.00000001' },
    });
  });

  test('a heartbeat without its number is malformed: a gap could hide behind it', () => {
    expect(parse(event('u', { after: { id: 1 } }, { table: 'freshet_heartbeat' }))).toMatchObject({
      kind: 'malformed',
    });
  });

  test('a schema change names its command and tables', () => {
    const content = { command: 'ALTER TABLE', tables: [{ ...TABLE, oid: 5 }] };
    expect(changeOf(parse(message('freshet.ddl', content)))).toEqual({
      kind: 'schema-change',
      command: 'ALTER TABLE',
      tables: [TABLE],
      ...ORIGIN,
    });
  });

  test.each([[{ command: 'DROP TYPE', tables: [] }], [{ tables: ['customer'] }], ['text'], [null], [{ tables: null }]])(
    'a schema change that names no tables may have changed any: %j',
    (content) => {
      expect(changeOf(parse(message('freshet.ddl', content)))).toMatchObject({ kind: 'schema-change', tables: [] });
    },
  );

  test('content that is not base64 is a schema change of unknown extent', () => {
    const broken = event('m', { message: { prefix: 'freshet.ddl', content: '%%%' } });
    expect(changeOf(parse(broken))).toMatchObject({ kind: 'schema-change', command: 'unknown', tables: [] });
  });

  test('a name in other letters than ASCII survives', () => {
    const change = changeOf(
      parse(message('freshet.ddl', { command: 'C', tables: [{ schema: 'public', table: 'ग्राहक' }] })),
    );
    expect(change).toMatchObject({ tables: [{ schema: 'public', table: 'ग्राहक' }] });
  });

  test('a snapshot read is told from a change', () => {
    expect(changeOf(parse(event('r', { after: { id: 1 } }, { snapshot: 'first' })))).toMatchObject({
      kind: 'snapshot-read',
    });
  });

  test.each([
    ['a tombstone', null, 'tombstone'],
    ['a message of somebody else', message('other', {}), 'message'],
    [
      'a row read again by an incremental snapshot',
      event('r', { after: {} }, { snapshot: 'incremental' }),
      'incremental-snapshot',
    ],
    ["the connector's own heartbeat", { ts_ms: 5 }, 'connector'],
    ['a transaction boundary', { status: 'BEGIN', id: '745:1', ts_ms: 5 }, 'connector'],
  ])('%s is ignored', (_name, envelope, reason) => {
    expect(envelope === null ? parseEnvelope(null) : parse(envelope)).toEqual({ kind: 'ignored', reason });
    expect(parse({ schema: {}, payload: envelope })).toEqual({ kind: 'ignored', reason });
  });
});

describe('malformed records', () => {
  test.each([
    ['no JSON', 'oops'],
    ['half of an event', JSON.stringify(event('c', { after: { id: 1 } })).slice(0, 60)],
    ['a number', '5'],
    ['a list', '[]'],
    ['an object without operation', '{"id":1}'],
    ['no source', '{"op":"c","after":{}}'],
    ['no commit time', JSON.stringify(event('c', { after: {} }, { ts_ms: null, ts_us: null }))],
    ['no table', JSON.stringify(event('c', { after: {} }, { table: undefined }))],
  ])('%s: nothing is known of the table', (_name, text) => {
    expect(parseEnvelope(bytes(text))).toMatchObject({ kind: 'malformed', table: undefined, origin: undefined });
  });

  test.each([
    ['an unknown operation', event('x', { after: {} })],
    ['an insert without its row', event('c')],
    ['an update whose row is no row', event('u', { after: 'text' })],
    ['a delete of a list', event('d', { before: [1] })],
  ])('%s: the table and the transaction are known', (_name, envelope) => {
    expect(parse(envelope)).toMatchObject({ kind: 'malformed', table: TABLE, origin: ORIGIN });
  });

  test('bytes that are not UTF-8 are malformed, not repaired', () => {
    expect(parseEnvelope(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d))).toMatchObject({ kind: 'malformed' });
  });
});
