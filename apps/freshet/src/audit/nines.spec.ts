import { ninesOf, type Finding } from './nines.js';

const right = (count: number, afterMs: number): Finding[] =>
  Array.from({ length: count }, () => ({ kind: 'right', afterMs }));

describe('ninesOf', () => {
  it('counts an answer as right within a scale only when it was so by then', () => {
    const findings = [...right(90, 0), ...right(9, 5000), { kind: 'wrong' } as const];
    expect(ninesOf(findings).map(({ scaleMs, right: count, nines }) => [scaleMs, count, nines])).toEqual([
      [1000, 90, 1],
      [10_000, 99, 2],
      [60_000, 99, 2],
    ]);
  });

  it('rounds nines down: 99.8 % is two', () => {
    expect(ninesOf([...right(998, 0), ...right(2, 5000)])[0]?.nines).toBe(2);
  });

  it('knows no limit where nothing was wrong', () => {
    expect(ninesOf(right(10, 0)).map(({ nines }) => nines)).toEqual([Infinity, Infinity, Infinity]);
  });
});
