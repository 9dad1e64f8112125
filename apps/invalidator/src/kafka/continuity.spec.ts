import { Continuity } from './continuity.js';

const fetched = (from: number, highWatermark = 1000) => ({ from: BigInt(from), highWatermark: BigInt(highWatermark) });

describe('Continuity', () => {
  test('a store that knows of nothing begins at the start of the topic', () => {
    expect(new Continuity(undefined).judge(fetched(0))).toEqual({ kind: 'continuous' });
  });

  test('a store that knows of nothing, later than that, has lost what it knew', () => {
    expect(new Continuity(undefined).judge(fetched(500))).toMatchObject({
      kind: 'broken',
      startsOver: false,
      reason: expect.stringContaining('before 500') as string,
    });
  });

  test('the record after the applied one is continuous, also at the end of the topic', () => {
    expect(new Continuity(9n).judge(fetched(10, 10))).toEqual({ kind: 'continuous' });
  });

  test('a first fetch behind the applied offset is a replay', () => {
    expect(new Continuity(9n).judge(fetched(3))).toEqual({ kind: 'continuous' });
  });

  test('committed offsets ahead of the applied one: seeks back, and goes on when the records are there', () => {
    const stream = new Continuity(9n);
    expect(stream.judge(fetched(20))).toEqual({ kind: 'seek', offset: 10n });
    expect(stream.judge(fetched(10))).toEqual({ kind: 'continuous' });
  });

  test('records that retention removed are noticed after the seek', () => {
    const stream = new Continuity(9n);
    stream.judge(fetched(20));
    expect(stream.judge(fetched(20))).toMatchObject({
      kind: 'broken',
      startsOver: false,
      reason: expect.stringContaining('10 to 19') as string,
    });
  });

  test('a client that jumps ahead in the middle of its work is not believed', () => {
    const stream = new Continuity(undefined);
    stream.advance(9n);
    expect(stream.judge(fetched(15))).toEqual({ kind: 'seek', offset: 10n });
    stream.judge(fetched(10));
    stream.advance(10n);
    expect(stream.judge(fetched(15))).toEqual({ kind: 'seek', offset: 11n });
  });

  test('a topic that ends before the applied offset was recreated', () => {
    expect(new Continuity(900n).judge(fetched(0, 50))).toMatchObject({ kind: 'broken', startsOver: true });
  });

  test('a topic that goes back in the middle of the work was recreated', () => {
    const stream = new Continuity(undefined);
    stream.advance(9n);
    expect(stream.judge(fetched(0))).toMatchObject({ kind: 'broken', startsOver: true });
  });

  test('an operator’s seek is no break, in either direction', () => {
    const stream = new Continuity(undefined);
    stream.advance(100n);
    stream.moveTo(5n);
    expect(stream.judge(fetched(5))).toEqual({ kind: 'continuous' });
  });

  test('a hole in the offsets is continuous when the broker was asked for its start', () => {
    const stream = new Continuity(9n);
    expect(stream.judge(fetched(10))).toEqual({ kind: 'continuous' });
    stream.advance(17n);
    expect(stream.judge(fetched(18))).toEqual({ kind: 'continuous' });
  });
});
