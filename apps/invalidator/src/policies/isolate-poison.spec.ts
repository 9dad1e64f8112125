import { StoreUnavailable } from '@freshet/cache-engine';
import { freeTurn, heartbeat, sliceOf } from '../../test/records.js';
import { RecordStuck, TurnOver } from '../errors.js';
import { type ApplySlice, type RecordSlice } from '../log-record.js';
import { isolatePoison } from './isolate-poison.js';

/** Applies slices until one holds a bad offset; a condemned record is applied in its other form. */
function applier(bad: readonly number[]): { apply: ApplySlice; applied: string[]; slices: RecordSlice[] } {
  const applied: string[] = [];
  const slices: RecordSlice[] = [];
  const apply: ApplySlice = async (slice) => {
    if (slice.records.some((r) => bad.includes(Number(r.offset)) && r.condemned === undefined))
      throw new TypeError('poison');
    slices.push(slice);
    applied.push(...slice.records.map((r) => (r.condemned === undefined ? r.offset : `${r.offset}!`)));
  };
  return { apply, applied, slices };
}

const nine = sliceOf(Array.from({ length: 9 }, (_, i) => heartbeat(i)));

describe('isolatePoison', () => {
  test('every record is applied once and in order, the guilty ones condemned', async () => {
    const { apply, applied } = applier([3, 8]);
    await isolatePoison(apply)(nine, freeTurn);
    expect(applied).toEqual(['0', '1', '2', '3!', '4', '5', '6', '7', '8!']);
  });

  test('a break before the slice is told once', async () => {
    const { apply, slices } = applier([8]);
    await isolatePoison(apply)({ ...nine, discontinuity: { reason: 'gone', startsOver: false } }, freeTurn);
    expect(
      slices.filter((slice) => slice.discontinuity !== undefined).map((slice) => slice.records[0]?.offset),
    ).toEqual(['0']);
  });

  test('a record that cannot even be condemned stops everything', async () => {
    const apply: ApplySlice = async (slice) => {
      if (slice.records.some((r) => r.offset === '4')) throw new TypeError('poison');
    };
    await expect(isolatePoison(apply)(nine, freeTurn)).rejects.toThrow(RecordStuck);
    await expect(isolatePoison(apply)(nine, freeTurn)).rejects.toThrow('changes/0@4');
  });

  test.each([
    ['a store that is away', new StoreUnavailable(new Error('closed'))],
    ['an error of the store', Object.assign(new Error('OOM command not allowed'), { name: 'ReplyError' })],
    ['a rebalance', Object.assign(new Error('rebalancing'), { name: 'KafkaJSProtocolError' })],
    ['the end of the turn', new TurnOver()],
  ])('%s is nobody’s fault: the slice stays whole', async (_what, error) => {
    let calls = 0;
    const apply: ApplySlice = () => {
      calls += 1;
      return Promise.reject(error);
    };
    await expect(isolatePoison(apply)(nine, freeTurn)).rejects.toBe(error);
    expect(calls).toBe(1);
  });
});
