import { requestTo } from '../testing/request.js';
import { reportGstr1Portal } from './report-gstr1-portal.js';
import { party } from './testing/bills.js';

const paramsOf = (query: string) => reportGstr1Portal.params(requestTo(`/?${query}`));

test.each(['', 'business_id=', 'business_id=abc', 'business_id=1.0', 'business_id=%00'])(
  'without a whole number of a business (%s) nothing else is looked at',
  (query) => {
    expect(() => paramsOf(`${query}&month=5&year=2024`)).toThrow(
      expect.objectContaining({ status: 400, body: { error: 'A valid business_id is required.' } }) as Error,
    );
  },
);

test.each([
  ['month=5&year=2024', '2024-05'],
  ['month=012&year=+2017+', '2017-12'],
  ['month=0&year=2024', null],
  ['month=13&year=2024', null],
  ['month=5&year=2016', null],
  ['month=5&year=2100', null],
  ['month=x&year=2024', null],
  ['month=5', null],
])('%s is the month %s', (query, period) => {
  expect(paramsOf(`business_id=01&${query}`)).toEqual({ business_id: '1', period });
});

test('an unknown business is told before a bad month, a bad month before a missing GSTIN', () => {
  const refusal = (business: ReturnType<typeof party> | undefined, period: string | null): unknown =>
    JSON.parse(String(reportGstr1Portal.render({ business, bills: [] }, { business_id: '1', period }).body));
  expect(refusal(undefined, null)).toEqual({ error: 'A valid business_id is required.' });
  expect(refusal(party(''), null)).toEqual({ error: 'month (1-12) and year are required.' });
  expect(refusal(party('08ABC', '', 'Alpha'), '2024-05')).toEqual({
    error: "Business 'Alpha' has no 15-character GSTIN — set it before generating a portal file.",
  });
});
