import { plainPath } from './address.js';

test('a path has one spelling, in which nothing can end it', () => {
  expect(plainPath('/api/%62usinesses/%31/')).toBe('/api/businesses/1/');
  expect(plainPath('/api/businesses/%0d%0a%3f%23%25 é/')).toBe('/api/businesses/%0D%0A%3F%23%25%20%C3%A9/');
});
