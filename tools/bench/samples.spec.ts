import { Samples, spread } from './samples.js';

const of = (...values: number[]): Samples => {
  const samples = new Samples();
  values.forEach((value) => samples.add(value));
  return samples;
};

describe('Samples', () => {
  it('gives a value that was measured, never one in between', () => {
    const hundred = of(...Array.from({ length: 100 }, (_, i) => 100 - i));
    expect([hundred.p50, hundred.quantile(0.9), hundred.p99, hundred.max]).toEqual([50, 90, 99, 100]);
  });

  it('orders by size, not by text', () => {
    expect(of(9, 100, 20).p50).toBe(20);
  });

  it('takes in what comes after a first look', () => {
    const samples = of(1);
    expect(samples.max).toBe(1);
    samples.add(7);
    expect(samples.max).toBe(7);
  });

  it('knows nothing of nothing', () => {
    expect(of().p99).toBeNaN();
    expect(spread(of(2))).toEqual(['2.00', '2.00', '2.00', '2.00']);
  });
});
