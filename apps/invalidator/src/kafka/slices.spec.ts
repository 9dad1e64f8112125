import { slicesOf } from './slices.js';

const sizes = (...all: number[]) => all.map((size) => ({ value: Buffer.alloc(size) }));
const cut = (records: readonly { value: Buffer | null }[], bounds: { records: number; bytes: number }) =>
  [...slicesOf(records, bounds)].map((slice) => slice.map(({ value }) => value?.length ?? 0));

describe('slicesOf', () => {
  test('an empty batch has no slices', () => {
    expect(cut([], { records: 3, bytes: 10 })).toEqual([]);
  });

  test('a slice holds at most so many records', () => {
    expect(cut(sizes(1, 1, 1, 1, 1), { records: 2, bytes: 10 })).toEqual([[1, 1], [1, 1], [1]]);
  });

  test('a slice holds at most so many bytes, but never less than one record', () => {
    expect(cut(sizes(4, 4, 4, 50, 1), { records: 9, bytes: 8 })).toEqual([[4, 4], [4], [50], [1]]);
  });

  test('tombstones weigh nothing', () => {
    expect(cut([{ value: null }, ...sizes(8)], { records: 9, bytes: 8 })).toEqual([[0, 8]]);
  });
});
