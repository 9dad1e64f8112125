import { hitRates, parseSamples } from './metrics.js';

const TEXT = `# HELP cache_reads_total Reads by view, outcome and reason
# TYPE cache_reads_total counter
cache_reads_total{view="invoice.get",outcome="hit",detail="",service="read-api"} 90
cache_reads_total{view="invoice.get",outcome="miss",detail=""} 10
cache_reads_total{view="invoice.list",outcome="miss",detail=""} 3
process_cpu_seconds_total 1.5
`;

describe('hit rates', () => {
  it('are hits of all reads, by view, the busiest first', () => {
    expect(hitRates(parseSamples(TEXT))).toEqual([
      { view: 'invoice.get', hits: 90, reads: 100 },
      { view: 'invoice.list', hits: 0, reads: 3 },
    ]);
  });

  it('are added up over processes', () => {
    expect(hitRates([...parseSamples(TEXT), ...parseSamples(TEXT)])[0]).toEqual({ view: 'invoice.get', hits: 180, reads: 200 }); // prettier-ignore
  });
});

describe('parseSamples', () => {
  it('reads labels with quotes, and samples without labels', () => {
    expect(parseSamples('a{b="say \\"x\\"",c="{1}"} 2\nd 0.5 1700000000\n# e 1')).toEqual([
      { name: 'a', labels: { b: 'say "x"', c: '{1}' }, value: 2 },
      { name: 'd', labels: {}, value: 0.5 },
    ]);
  });
});
