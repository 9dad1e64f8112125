import { contains, searchTerms } from './search.js';

it('wildcards of a search are literal', () => expect(contains('50%_a\\b')).toBe('%50\\%\\_a\\\\b%'));

it.each([
  ['alpha beta', ['alpha', 'beta']],
  ['a,b , c', ['a', 'b', 'c']],
  [' , ,', []],
  ['"alpha beta" c', ['alpha beta', 'c']],
  ["'it''s'", ["it''s"]],
  ['"say \\"hi\\"" x', ['say "hi"', 'x']],
  ['"open end', ['"open', 'end']],
  ["O'Neil", ["O'Neil"]],
  [',"a,b",', ['a,b']],
])('%s has the terms %j', (value, terms) => expect(searchTerms(value)).toEqual(terms));
