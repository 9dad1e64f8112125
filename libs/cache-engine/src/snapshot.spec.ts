import { parseSnapshot, seesLogged } from './snapshot.js';

const seen = (snapshot: string, xid: number, lsn: bigint | undefined): boolean => {
  const parsed = parseSnapshot(snapshot);
  if (parsed === undefined) throw new Error(`not a snapshot: ${snapshot}`);
  return seesLogged(parsed, { xid, lsn });
};

test.each([
  ['over before it was taken, and on disk', 15, 900n, true],
  ['in progress when it was taken', 11, 900n, false],
  ['not begun when it was taken', 20, 900n, false],
])('a change of a transaction %s', (_, xid, lsn, expected) => {
  expect(seen('10:20:11,12@1000', xid, lsn)).toBe(expected);
});

test('an id that a crash gave out again is not taken for its first owner: its changes stand further on in the log', () => {
  expect(seen('10:20:@1000', 15, 1000n)).toBe(false);
  expect(seen('10:20:@1000', 15, undefined)).toBe(false);
});

test('a source that says nothing of its disk gives out no id twice', () => {
  expect(seen('10:20:', 15, 5000n)).toBe(true);
});

test.each(['', '10:20', '10:20:@', '10:20:x', '10:20:@1 '])('"%s" is no snapshot', (text) => {
  expect(parseSnapshot(text)).toBeUndefined();
});
