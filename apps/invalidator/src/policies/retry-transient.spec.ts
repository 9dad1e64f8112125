import { StoreUnavailable } from '@freshet/cache-engine';
import { freeTurn, heartbeat, sliceOf } from '../../test/records.js';
import { TurnOver } from '../errors.js';
import { type InvalidationEvent } from '../invalidation.js';
import { type ApplySlice, type Turn } from '../log-record.js';
import { retrying, retryTransient } from './retry-transient.js';

const slice = sliceOf([heartbeat(1)]);
const away = new StoreUnavailable(new Error('connection refused'));

function failing(times: number, error: Error = away): ApplySlice {
  let left = times;
  return () => (left-- > 0 ? Promise.reject(error) : Promise.resolve());
}

function wrap(apply: ApplySlice): { apply: ApplySlice; events: InvalidationEvent[]; pauses: number[] } {
  const events: InvalidationEvent[] = [];
  const pauses: number[] = [];
  const pause = async (ms: number): Promise<void> => void pauses.push(ms);
  const listen = (event: InvalidationEvent): void => void events.push(event);
  return {
    apply: retryTransient(apply, retrying({ firstPauseMs: 100, longestPauseMs: 1200, pause, listen })),
    events,
    pauses,
  };
}

describe('retryTransient', () => {
  test('a slice is tried until the store is back, with growing pauses, and the reason is told', async () => {
    const { apply, events, pauses } = wrap(failing(3));
    await apply(slice, freeTurn);
    expect(pauses).toEqual([100, 200, 400]);
    expect(events).toEqual([
      { kind: 'waiting', attempt: 1, reason: 'the cache store is unavailable: connection refused' },
      { kind: 'waiting', attempt: 2, reason: expect.any(String) as string },
      { kind: 'waiting', attempt: 3, reason: expect.any(String) as string },
      { kind: 'going-on' },
    ]);
  });

  test('during a long pause the group hears from us again and again', async () => {
    let beats = 0;
    const turn: Turn = { ...freeTurn, heartbeat: async () => void (beats += 1) };
    const { apply, pauses } = wrap(failing(5));
    await apply(slice, turn);
    expect(pauses.slice(3)).toEqual([500, 300, 500, 500, 200]);
    expect(beats).toBe(pauses.length);
  });

  test('a turn that ends while waiting ends the trying', async () => {
    let asked = 0;
    const turn: Turn = { ...freeTurn, over: () => (asked += 1) > 3 };
    const { apply } = wrap(failing(Infinity));
    await expect(apply(slice, turn)).rejects.toThrow(TurnOver);
  });

  test('a group that has moved on is told to the client', async () => {
    const rebalance = Object.assign(new Error('rebalance'), { name: 'KafkaJSProtocolError', retriable: true });
    const turn: Turn = { ...freeTurn, heartbeat: () => Promise.reject(rebalance) };
    await expect(wrap(failing(Infinity)).apply(slice, turn)).rejects.toBe(rebalance);
  });

  test('an error that waiting cannot mend is thrown at once', async () => {
    const { apply, pauses } = wrap(failing(1, new TypeError('bug')));
    await expect(apply(slice, freeTurn)).rejects.toThrow('bug');
    expect(pauses).toEqual([]);
  });
});
