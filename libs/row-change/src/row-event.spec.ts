import { parseWhole } from './envelope.js';
import { ImageColumns } from './image-columns.js';
import { opened } from './opened-for-tests.js';
import { readRowEvent } from './row-event.js';

const SOURCE =
  '"source":{"version":"3.6.3.Final","connector":"postgresql","name":"freshet","ts_ms":1700000000123,"snapshot":"false","db":"freshet","sequence":"[\\"24023128\\",\\"24023424\\"]","ts_us":1700000000123999,"ts_ns":1700000000123999000,"schema":"public","table":"customer","txId":745,"lsn":24023424,"xmin":null}';
const REST = '"transaction":null,"op":"u","ts_ms":1700000000200}';
const USUAL = [
  `{"before":{"id":1,"name":"A \\" \\\\ \\u0939","big":9007199254740993,"n":-0.0,"none":null},"after":{"id":1,"name":"राम","yes":true,"x":1.5e-3},${SOURCE},${REST}`,
  `{"before":{"id":1,"note":"x"},"after":{"id":1,"note":"__debezium_unavailable_value"},${SOURCE},${REST}`,
  `{"before":null,"after":{"id":-17,"tags":["x",[],{"a":{}}],"f":false},${SOURCE},${REST.replace('"u"', '"c"')}`,
  `{"before":{"id":1,"a":""},"after":null,${SOURCE},${REST.replace('"u"', '"d"')}`,
];

/** The same numbers on every run (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const PIECES = ['"', '\\', '\\u00', '{', '}', '[', ']', ',', ':', '0', '-', '1e', '.', 'null', 'true', ' ', '\n', 'é',
  '"op":"d",', '"before":{},', '"payload":{},', '"source":{},', '"table":"t",', '"lsn":9007199254740993,', '"id":2,', 'freshet_heartbeat']; // prettier-ignore

function damaged(text: string, random: (below: number) => number): Uint8Array {
  let damagedText = text;
  for (let edits = 1 + random(2); edits > 0; edits -= 1) {
    const at = random(damagedText.length);
    const piece = PIECES[random(PIECES.length)] ?? '';
    damagedText = damagedText.slice(0, at) + piece + damagedText.slice(at + random(4));
  }
  const bytes = new TextEncoder().encode(damagedText);
  if (random(8) === 0) bytes[random(bytes.length)] = random(256);
  return bytes;
}

const encoder = new TextEncoder();

describe('the short way', () => {
  test.each(USUAL)('takes the usual record: %s', (text) => {
    expect(readRowEvent(encoder.encode(text))).toBeDefined();
  });

  test('says of a record what the long way says, or leaves it to that one, however it is damaged', () => {
    const random = generator(1);
    let taken = 0;
    for (let run = 0; run < 60_000; run += 1) {
      const bytes = damaged(USUAL[run % USUAL.length] ?? '', random);
      const change = readRowEvent(bytes);
      if (change === undefined) continue;
      taken += 1;
      const long = parseWhole(bytes);
      const short = opened({ kind: 'change', change });
      expectSameColumns(bytes);
      // The usual matchers are slow for so many.
      if (!same(short, long)) expect(Buffer.from(bytes).toString()).toBe('read alike by both');
    }
    // Damage within a text or a number often leaves a record of another content.
    expect(taken).toBeGreaterThan(5_000);
  });

  test.each([
    ['a blank', ',"after"', ', "after"'],
    ['an operation that is none', '"op":"u"', '"op":"x"'],
    ['a heartbeat', '"table":"customer"', '"table":"freshet_heartbeat"'],
    ['no transaction id', '"txId":745', '"txId":null'],
    ['a position that a double cannot hold', '"lsn":24023424', '"lsn":9223372036854775807'],
    ['an image that is no object', '"after":{', '"after":[],"more":{'],
    ['an image twice', '"after":{', '"after":{},"after":{'],
    ['a schema around it', '{"before"', '{"schema":{},"payload":{},"before"'],
    ['an escape in a name', '"after"', '"\\u0061fter"'],
    ['more behind its end', /$/, ' '],
    ['a control character', '"x"', '"\t"'],
    ['a number with a leading zero', '"id":1', '"id":01'],
  ])('leaves a record with %s to the long way', (_, part, instead) => {
    const text = USUAL[1] ?? '';
    expect(text.replace(part, instead)).not.toBe(text);
    expect(readRowEvent(encoder.encode(text.replace(part, instead)))).toBeUndefined();
  });
});

const COLUMNS = ['id', 'name', 'big', 'n', 'none', 'x', 'note', 'tags'];
const columns = new ImageColumns(COLUMNS, ['id', 'name', 'none']);

/** Read one by one out of the bytes, and out of the rows. */
function expectSameColumns(bytes: Uint8Array): void {
  for (const side of ['before', 'after'] as const) {
    const [unread, read] = [readRowEvent(bytes), readRowEvent(bytes)];
    if (unread === undefined || read === undefined) throw new Error('taken once and not again');
    const row = read[side];
    if (row === undefined) expect(columns.read(unread, side)).toBeUndefined();
    else if (!same(columns.read(unread, side), columns.read(read, side))) expect(columns.read(unread, side)).toBe(row);
  }
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && same((a as never)[name], (b as never)[name]))
  );
}
