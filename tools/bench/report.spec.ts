import { reportText, tableText } from './report.js';

describe('reportText', () => {
  const at = {
    date: '2026-11-23 05:00 UTC',
    cpu: '2 × a processor',
    memoryGiB: 24,
    loadBefore: 0.3,
    versions: { node: '20.19.0' },
  };

  it('says where and when before any figure, and which promise was missed', () => {
    const verdict = { id: 'P3', target: 'p50 ≤ 1.3 ×', measured: '1.41 ×', met: false };
    const text = reportText('npm run bench -- latency', at, { tables: [], verdicts: [verdict], notes: ['a note'] });
    expect(text.split('\n').filter((line) => line !== '')).toEqual([
      'npm run bench -- latency   2026-11-23 05:00 UTC',
      '2 × a processor, 24 GiB, load before 0.3; node 20.19.0',
      'P3  MISSED  1.41 ×  (target: p50 ≤ 1.3 ×)',
      '- a note',
    ]);
  });
});

describe('tableText', () => {
  it('lines columns up, names to the left and figures to the right', () => {
    const text = tableText({ title: 'reads', columns: ['view', 'per second'], rows: [['a', 1234567], ['long name', 0.5]] }); // prettier-ignore
    expect(text.split('\n')).toEqual([
      'reads',
      'view       per second',
      '---------------------',
      'a           1 234 567',
      'long name        0.50',
    ]);
  });
});
