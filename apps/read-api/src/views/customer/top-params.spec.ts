import { requestTo } from '../testing/request.js';
import { topParams } from './top-params.js';

const limitOf = (query: string) => topParams(requestTo(`/?${query}`)).limit;

test.each([
  ['', 5],
  ['limit=', 5],
  ['limit=0', 0],
  ['limit=-0', 0],
  ['limit=+7+', 7],
  ['limit=%2B7', 7],
  ['limit=007', 7],
  ['limit=99999999999999999999', Number.MAX_SAFE_INTEGER],
])('%s asks for so many', (query, limit) => {
  expect(limitOf(query)).toBe(limit);
});

test.each(['limit=-1', 'limit=abc', 'limit=1.0', 'limit=1e3', 'limit=%00', 'business=x', 'start_date=2024-13-01'])(
  '%s is refused',
  (query) => {
    expect(() => limitOf(query)).toThrow('HTTP 400');
  },
);

test('the business is not called business_id here', () => {
  expect(topParams(requestTo('/?business_id=3'))).toMatchObject({ business: undefined });
  expect(topParams(requestTo('/?business=03'))).toMatchObject({ business: '3' });
});
