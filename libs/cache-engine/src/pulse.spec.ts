import { type Heartbeat } from '@freshet/row-change';
import { follow, type Pulse } from './pulse.js';

const beat = (sequence: number, run?: string, since = 1, line = 'a.1'): Heartbeat => ({
  kind: 'heartbeat',
  sequence: BigInt(sequence),
  xid: 1,
  commitMs: 1000,
  lsn: 1n,
  server: run === undefined ? undefined : { run, since: BigInt(since), line },
});
const at = (sequence: number, ...runs: string[]): Pulse => ({ sequence: BigInt(sequence), runs, line: 'a.1' });
const MISSING = 'a heartbeat is missing from the log';
const SET_BACK = 'the database was set back to an earlier time';
const STARTED = 'the database server was started again, and may have been set back to an earlier time';

describe('the pulse of the database', () => {
  test.each<[string, Pulse | undefined, Heartbeat[], Pulse]>([
    ['a first heartbeat, whatever its number', undefined, [beat(9, 'x')], at(9, 'x')],
    ['the next number', at(9, 'x'), [beat(10, 'x'), beat(11, 'x')], at(11, 'x')],
    ['a replay, and what follows it', at(9, 'x'), [beat(8, 'x'), beat(9, 'x'), beat(10, 'x')], at(10, 'x')],
    ['a run that is known', at(9, 'x', 'y'), [beat(10, 'y', 9), beat(11, 'y', 9)], at(11, 'x', 'y')],
    ['a replay from before a restart', at(11, 'x', 'y'), [beat(8, 'x'), beat(10, 'y', 10)], at(11, 'x', 'y')],
    ['a log read again from its start', undefined, [beat(1, 'x'), beat(2, 'x')], at(2, 'x')],
    ['heartbeats that do not tell who wrote them', at(9, 'x'), [beat(10)], at(10, 'x')],
  ])('goes on over %s', (_what, before, beats, pulse) => {
    expect(follow(before, beats)).toEqual({ pulse, broken: undefined });
  });

  test.each<[string, Pulse, Heartbeat[], string]>([
    ['a number is skipped', at(9, 'x'), [beat(11, 'x')], MISSING],
    ['a number is skipped over a restart', at(9, 'x'), [beat(11, 'y', 10)], MISSING],
    ['the first number of a run is skipped', at(9, 'x'), [beat(11, 'y', 11)], MISSING],
    ['an earlier run goes on', at(9, 'x', 'y'), [beat(10, 'x')], MISSING],
    ['a new run begins with an old number', at(9, 'x'), [beat(7, 'y', 7)], SET_BACK],
    ['a new run arrives at the right number, but began earlier', at(9, 'x'), [beat(10, 'y', 4)], SET_BACK],
    ['the server was started again, with the next number', at(9, 'x'), [beat(10, 'y', 10)], STARTED],
    [
      'a standby went on where the primary stood',
      at(9, 'x'),
      [beat(10, 'y', 10, 'a.2')],
      'the database is another cluster or on another timeline',
    ],
  ])('breaks off where %s', (_what, before, beats, broken) => {
    const followed = follow(before, beats);
    expect(followed.broken).toBe(broken);
    // What comes next goes on from there.
    const last = beats.at(-1);
    expect(followed.pulse?.sequence).toBe(last?.sequence);
    expect(follow(followed.pulse, beats)).toEqual({ pulse: followed.pulse, broken: undefined });
  });
});
