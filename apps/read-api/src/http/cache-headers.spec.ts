import { type Answer } from '@freshet/cache-engine';
import { cacheHeaders, isUnchanged } from './cache-headers.js';

const LOADED: Answer = {
  body: Buffer.from('{}'),
  status: 200,
  meta: {},
  outcome: 'miss',
  detail: undefined,
  stored: true,
  etag: '"a"',
  ageSeconds: 0,
  ttlLeftSeconds: 60,
  late: false,
};

const status = (answer: Partial<Answer>): string | undefined => cacheHeaders({ ...LOADED, ...answer })[1];

test.each([
  ['an entry', { outcome: 'hit' }, 'Freshet; hit; ttl=60'],
  ['a load of its own that was stored', {}, 'Freshet; fwd=miss; stored'],
  ["another's load, stored or not", { outcome: 'shared', detail: 'shared' }, 'Freshet; fwd=miss; detail=shared'],
  [
    'a load that was not stored',
    { outcome: 'refused', detail: 'refused', stored: false },
    'Freshet; fwd=miss; detail=refused',
  ],
  [
    'the database, past the cache',
    { outcome: 'bypass', detail: 'token', stored: false },
    'Freshet; fwd=bypass; detail=token',
  ],
] as const)('%s is named as such', (_, answer, text) => {
  expect(status(answer)).toBe(text);
});

test('an answer with signed links is sent again, as the links of a copy end', () => {
  const signed = { ...LOADED, meta: { links: 'signed' } };
  expect([isUnchanged('"a"', LOADED), isUnchanged('"a"', signed)]).toEqual([true, false]);
  expect([cacheHeaders(LOADED).includes('ETag'), cacheHeaders(signed).includes('ETag')]).toEqual([true, false]);
});
