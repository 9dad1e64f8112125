import { type Expectation, type Json } from './case.js';
import { difference, rulesOf } from './difference.js';

const between = (want: Json, got: Json, expected: Partial<Expectation> = {}): string | undefined =>
  difference(want, got, rulesOf({ status: 200, ...expected }, 'secret', 0))?.at;

it('the order of keys means nothing, numbers are compared by value', () =>
  expect(between({ a: 12, b: [0.1 + 0.2] }, { b: [0.3], a: 12.0 })).toBeUndefined());

it.each<[string, Json, Json]>([
  ['/a', { a: 1 }, {}],
  ['/b', { a: 1 }, { a: 1, b: null }],
  ['/a', { a: 12 }, { a: '12' }],
  ['/a', { a: 1 }, { a: 1.00001 }],
  ['/a', { a: null }, { a: 0 }],
  ['/a/1/x', { a: [{ x: 1 }, { x: 2 }] }, { a: [{ x: 1 }, { x: 3 }] }],
  ['/a', { a: [1, 2] }, { a: [1] }],
  ['/a/0', { a: [1, 2] }, { a: [2, 1] }],
  ['/a', { a: {} }, { a: [] }],
])('a difference is found at %s', (at, want, got) => expect(between(want, got)).toBe(at));

describe('an open order', () => {
  const want = {
    rows: [
      { id: 2, t: ['x', 'y'] },
      { id: 10, t: [] },
    ],
    other: [1, 2],
  };
  const moved = {
    rows: [
      { id: 10, t: [] },
      { id: 2, t: ['x', 'y'] },
    ],
    other: [1, 2],
  };
  it('frees the named lists', () =>
    expect(between(want, moved, { order: 'any', order_paths: ['/rows'] })).toBeUndefined());
  it('frees no other', () => {
    expect(between(want, moved, { order: 'any', order_paths: ['/other'] })).toBe('/rows/0/id');
    expect(between(want, { ...want, other: [2, 1] }, { order: 'any', order_paths: ['/rows'] })).toBe('/other/0');
  });
  it('frees every list where none is named', () => expect(between(want, moved, { order: 'any' })).toBeUndefined());
  it('still counts what is in a list', () =>
    expect(between({ rows: [1, 1, 2] }, { rows: [1, 2, 2] }, { order: 'any' })).toBe('/rows/1'));
  it('may leave out keys that number the order', () => {
    const [a, b] = [
      {
        rows: [
          { num: 1, v: 'a' },
          { num: 2, v: 'b' },
        ],
      },
      {
        rows: [
          { num: 1, v: 'b' },
          { num: 2, v: 'a' },
        ],
      },
    ];
    expect(between(a, b, { order: 'any', order_ignore: ['num'] })).toBeUndefined();
    expect(between(a, b, { order: 'any' })).toBeDefined();
  });
});

it('a volatile place must be there, whatever it holds', () => {
  expect(between({ a: 1 }, { a: 2 }, { volatile_paths: ['/a'] })).toBeUndefined();
  expect(between({ a: 1 }, {}, { volatile_paths: ['/a'] })).toBe('/a');
});

describe('a CSV', () => {
  const csv = (cells: string) => `name,in\r\n${cells}\r\n`;
  it('is compared as it is', () => expect(between(csv('x,"a, b"'), csv('x,"b, a"'))).toBe(' character 12'));
  it('may move the names inside a cell where the order is open', () => {
    expect(between(csv('x,"a, b"'), csv('x,"b, a"'), { order: 'any' })).toBeUndefined();
    expect(between(csv('x,"a, b"'), csv('x,"a, c"'), { order: 'any' })).toBe(' row 1');
  });
});
