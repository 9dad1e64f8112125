import { readToken } from './read-token.js';

it('of several tokens the highest counts', () => {
  expect(readToken({ 'freshet-token': '5, 70', cookie: 'a=1; freshet_token=9; freshet_token=600' })).toBe(600n);
});
it.each(['', 'abc', '-5', '1.5', '99999999999999999999999', '18446744073709551616', '0x10'])(
  '"%s" is ignored',
  (token) => {
    expect(readToken({ 'freshet-token': token })).toBeUndefined();
    expect(readToken({ 'freshet-token': token, cookie: 'freshet_token=3' })).toBe(3n);
  },
);
it('the largest transaction is a token', () =>
  expect(readToken({ 'freshet-token': '18446744073709551615' })).toBe(18446744073709551615n));
it('a cookie of a similar name is none', () =>
  expect(readToken({ cookie: 'my_freshet_token=5; freshet_tokens=6' })).toBeUndefined());
