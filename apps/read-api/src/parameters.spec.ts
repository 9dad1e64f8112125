import { ApiError } from './api-error.js';
import { date, pathId, searchText, text, wholeNumber } from './parameters.js';
import { requestTo } from './testing/request.js';

const asked = (value: string) => requestTo(`/x/?p=${value}`);

function faultOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof ApiError) return [error.status, error.body];
    throw error;
  }
}

describe('a whole number', () => {
  it.each([
    ['5', '5'],
    ['%205%20', '5'],
    ['%2B5', '5'],
    ['+5', '5'],
    ['005', '5'],
    ['0', '0'],
    ['9223372036854775807', '9223372036854775807'],
  ])('%s is %s', (sent, meant) => expect(wholeNumber(asked(sent), 'p')).toBe(meant));

  it.each(['-5', '9223372036854775808', '99999999999999999999999'])('%s matches nothing', (sent) =>
    expect(wholeNumber(asked(sent), 'p')).toBe('-1'),
  );

  it.each(['abc', '1.0', '1e3', '0x1', '1%202', '%00', '1%00'])('%s is refused by name', (sent) =>
    expect(faultOf(() => wholeNumber(asked(sent), 'p'))).toEqual([
      400,
      { detail: "Invalid value for query parameter 'p'." },
    ]),
  );

  it('counts as absent when it is empty', () => expect(wholeNumber(asked(''), 'p')).toBeUndefined());
});

describe('an id in the path', () => {
  it.each([
    ['7', '7'],
    ['007', '7'],
    ['-0', '0'],
    ['-5', '-1'],
    ['99999999999999999999', '-1'],
  ])('%s is looked up as %s', (sent, meant) => expect(pathId(requestTo('/', { id: sent }))).toBe(meant));

  it.each(['abc', ' 7', '+7', '7a', ''])('"%s" is not found', (sent) =>
    expect(faultOf(() => pathId(requestTo('/', { id: sent })))).toEqual([404, { detail: 'Not found.' }]),
  );
});

describe('a date', () => {
  it.each([
    ['2024-05-02', '2024-05-02'],
    ['2024-5-2', '2024-05-02'],
    ['20240502', '2024-05-02'],
    ['2024-02-29', '2024-02-29'],
    ['2000-02-29', '2000-02-29'],
  ])('%s is %s', (sent, meant) => expect(date(asked(sent), 'p')).toBe(meant));

  it.each([
    '2025-02-29',
    '1900-02-29',
    '2024-13-01',
    '2024-00-01',
    '2024-04-31',
    '0000-01-01',
    'oops',
    '%202024-05-02',
    '2024-05-02T00:00:00Z',
  ])('%s is refused', (sent) => expect(faultOf(() => date(asked(sent), 'p'))).toMatchObject([400, {}]));
});

describe('a text', () => {
  it('is the last of several', () => expect(text(requestTo('/x/?p=a&p=b'), 'p')).toBe('b'));
  it('may be named like something of every object', () =>
    expect(text(requestTo('/x/'), 'constructor')).toBeUndefined());
  it('is refused with a NUL byte', () => expect(faultOf(() => text(asked('a%00'), 'p'))).toMatchObject([400, {}]));
});

it('a search with a NUL byte is refused with a bare array', () => {
  const fault = faultOf(() => searchText(requestTo('/x/?search=%00')));
  expect(fault).toEqual([400, ['Null characters are not allowed.']]);
});
