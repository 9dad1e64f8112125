import { createHmac } from 'node:crypto';
import { ApiError } from '../api-error.js';
import { AccessTokens } from './access-token.js';

const SECRET = 'a secret for tests, käy';
const NOW_SECONDS = 1_700_000_000;
const GOOD = { token_type: 'access', exp: NOW_SECONDS + 60, iat: NOW_SECONDS - 60, jti: 'a', user_id: 7 };

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
function signed(claims: object, { alg = 'HS256', secret = SECRET, hash = 'sha256' } = {}): string {
  const text = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
}
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(GOOD).filter(([name]) => !names.includes(name)));

function ask(header: string | undefined, nowSeconds = NOW_SECONDS): unknown {
  return answerOf(new AccessTokens(SECRET, () => nowSeconds * 1000), header);
}
function answerOf(tokens: AccessTokens, header: string | undefined): unknown {
  try {
    return tokens.caller(header);
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, ...(error.body as object), ...error.headers };
    throw error;
  }
}
const bearer = (claims: object, options = {}) => ask(`Bearer ${signed(claims, options)}`);
const fault = (message: string) => ({
  status: 401,
  'WWW-Authenticate': 'Bearer realm="api"',
  detail: 'Given token not valid for any token type',
  code: 'token_not_valid',
  messages: [{ token_class: 'AccessToken', token_type: 'access', message }],
});

it('a good token names its user', () => expect(bearer(GOOD)).toMatchObject({ userId: 7 }));
it('the user may be digits in a text', () => expect(bearer({ ...GOOD, user_id: '7' })).toMatchObject({ userId: 7 }));

it.each([undefined, '', '   ', 'Basic abc', 'bearer abc', 'Token a b c'])('"%s" is no login', (header) =>
  expect(ask(header)).toMatchObject({ status: 401, detail: 'Authentication credentials were not provided.' }),
);
it.each(['Bearer', 'Bearer ', 'Bearer a b'])('"%s" is a broken header', (header) =>
  expect(ask(header)).toMatchObject({ code: 'bad_authorization_header' }),
);

describe('a token is invalid', () => {
  it.each(['garbage', 'a.b', 'a.b.c', 'a.b.c.d', '..', signed(GOOD).slice(0, -3)])('when it is %s', (token) =>
    expect(ask(`Bearer ${token}`)).toEqual(fault('Token is invalid')),
  );
  it('when another key signed it', () => expect(bearer(GOOD, { secret: 'other' })).toEqual(fault('Token is invalid')));
  it('when it names another algorithm, its signature good or not', () => {
    expect(bearer(GOOD, { alg: 'HS512', hash: 'sha512' })).toEqual(fault('Token is invalid'));
    expect(bearer(GOOD, { alg: 'HS512' })).toEqual(fault('Token is invalid'));
    expect(ask(`Bearer ${part({ alg: 'none' })}.${part(GOOD)}.`)).toEqual(fault('Token is invalid'));
  });
  it.each([
    ['iat', { ...GOOD, iat: NOW_SECONDS + 5 }],
    ['nbf', { ...GOOD, nbf: NOW_SECONDS + 5 }],
    ['iat', { ...GOOD, iat: 'soon' }],
  ])('when its %s lies ahead or is no time', (_, claims) => expect(bearer(claims)).toEqual(fault('Token is invalid')));
  it.each(['2100-01-01', '4102444800', null, []])('when it expires at %j', (exp) =>
    expect(bearer({ ...GOOD, exp })).toEqual(fault('Token is invalid')),
  );
});

describe('the first fault in the order of the contract decides', () => {
  it.each([
    ['Token is invalid', { iat: NOW_SECONDS + 5, exp: NOW_SECONDS - 5 }],
    ['Token is expired', { exp: NOW_SECONDS }],
    ["Token has no 'exp' claim", {}],
    ['Token has no id', { exp: NOW_SECONDS + 5 }],
    ['Token has no type', { exp: NOW_SECONDS + 5, jti: 'a' }],
    ['Token has wrong type', { exp: NOW_SECONDS + 5, jti: 'a', token_type: 'refresh' }],
  ])('%s', (message, claims) => expect(bearer(claims)).toEqual(fault(message)));
});

it('a token without a user says so', () =>
  expect(bearer(without('user_id'))).toMatchObject({
    detail: 'Token contained no recognizable user identification',
    code: 'token_not_valid',
  }));
it.each(['abc', 1.5, '1.5', null, -1, 2 ** 31, true, ''])('user %j cannot exist', (user_id) =>
  expect(bearer({ ...GOOD, user_id })).toMatchObject({ code: 'user_not_found' }),
);

it('a remembered token ends with its time', () => {
  let nowSeconds = NOW_SECONDS;
  const tokens = new AccessTokens(SECRET, () => nowSeconds * 1000);
  const header = `Bearer ${signed(GOOD)}`;
  expect(answerOf(tokens, header)).toMatchObject({ userId: 7 });
  nowSeconds = GOOD.exp;
  expect(answerOf(tokens, header)).toEqual(fault('Token is expired'));
});
