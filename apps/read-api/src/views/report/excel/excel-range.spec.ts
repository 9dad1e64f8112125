import { excelRange, supplies } from './excel-range.js';

const bad = (body: unknown): unknown => {
  try {
    return excelRange(body);
  } catch (error) {
    return (error as { body: unknown }).body;
  }
};
const days = { start_date: '2024-5-1', end_date: '2024-05-31' };

test('both kinds are shown unless one is named; any other word means none', () => {
  expect(excelRange(days)).toEqual({ from: '2024-05-01', to: '2024-05-31', type: 'both' });
  expect(excelRange({ ...days, invoice_type: 'inward' })).toMatchObject({ type: 'inward' });
  expect(excelRange({ ...days, invoice_type: 'INWARD' })).toMatchObject({ type: 'INWARD' });
  expect(excelRange({ ...days, invoice_type: null })).toMatchObject({ type: '' });
});

test.each([[{}], [{ start_date: '2024-05-01' }], [{ ...days, end_date: '' }], [{ ...days, start_date: null }]])(
  '%j lacks a date',
  (body) => {
    expect(bad(body)).toEqual({ error: 'Start date and end date are required' });
  },
);

test.each([
  [{ ...days, start_date: 'soon' }, 'start_date'],
  [{ ...days, end_date: '2024-02-30' }, 'end_date'],
  [{ ...days, end_date: '20240530' }, 'end_date'],
  [{ ...days, start_date: 5 }, 'start_date'],
  [[days], 'body'],
  ['text', 'body'],
  [null, 'body'],
])('%j is refused', (body, name) => {
  expect(bad(body)).toEqual({ detail: `Invalid value for '${name}'.` });
});

test.each([
  ['both', ['outward', 'inward']],
  ['inward', ['inward']],
  ['sales', []],
])('%s asks for %j', (invoice_type, types) => {
  expect(supplies(excelRange({ ...days, invoice_type })).map(({ type }) => type)).toEqual(types);
});
