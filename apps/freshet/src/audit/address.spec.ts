import { cacheKey } from '@freshet/cache-keys';
import { addressOf, viewAddresses } from './address.js';

const views = viewAddresses({
  paths: {
    '/api/invoices/{id}/': { get: { operationId: 'invoice.get', parameters: [{ name: 'id', in: 'path' }] } },
    '/api/invoices/': { get: { operationId: 'invoice.list', parameters: ['search', 'page', 'customer'].map((name) => ({ name, in: 'query' })) } }, // prettier-ignore
    '/api/import/': { post: { operationId: 'import' } },
  },
});

describe('addressOf', () => {
  it('puts the parameters of a key back into the path', () => {
    expect(addressOf(cacheKey('invoice.get', 'v1', { id: 7 }), views)).toBe('/api/invoices/7/');
  });

  it('puts them back into the query, with signs and without what is NULL', () => {
    const key = cacheKey('invoice.list', 'v1', { search: 'a&b=c/%', page: 2, customer: null });
    expect(addressOf(key, views)).toBe('/api/invoices/?page=2&search=a%26b%3Dc%2F%25');
  });

  it('gives up where the path cannot be told', () => {
    expect(addressOf(cacheKey('invoice.get', 'v1', { id: 'x'.repeat(300) }), views)).toBeUndefined();
    expect(addressOf(cacheKey('auth.user', 'v1', { id: 7 }), views)).toBeUndefined();
  });
});
