import { cleared, judge } from './judge.js';

describe('judge', () => {
  it('takes an answer that equals the database for right', () => {
    expect(judge({ cached: 'a', fresh: 'a' })).toBe('right');
  });

  it('only suspects a hit that differs: the row may have changed in between', () => {
    expect(judge({ cached: 'a', fresh: 'b' })).toBe('suspect');
  });

  it('says nothing of an answer that is no hit', () => {
    expect(judge({ cached: undefined, fresh: 'a' })).toBe('not-cached');
  });
});

describe('cleared', () => {
  it.each([
    ['its entry is gone', { cached: undefined, fresh: 'b' }, true],
    ['it was replaced, even if the row changed yet again', { cached: 'b', fresh: 'c' }, true],
    ['the row changed back', { cached: 'a', fresh: 'a' }, true],
    ['it is still served and still differs', { cached: 'a', fresh: 'b' }, false],
    ['it is still served and differs in another way', { cached: 'a', fresh: 'c' }, false],
  ])('a suspect is judged when %s', (_, look, expected) => {
    expect(cleared('a', look)).toBe(expected);
  });
});
