import { type Pool } from 'pg';
import { DatabaseClock } from './database-clock.js';

/** A database whose clock is ahead by `aheadMs`, and that needs `wayMs` each way to be asked. */
function clockOf(aheadMs: number, wayMs: number) {
  const host = { wall: 1_000_000, monotonic: 5000 };
  const pass = (ms: number): void => {
    host.wall += ms;
    host.monotonic += ms;
  };
  const query = async () => {
    pass(wayMs);
    const rows = [{ ms: String(host.wall + aheadMs) }];
    pass(wayMs);
    return { rows };
  };
  const clocks = { wallMs: () => host.wall, monotonicMs: () => host.monotonic };
  return { host, pass, clock: new DatabaseClock({ query } as unknown as Pool, clocks) };
}

it('knows nothing before the first sample', () => expect(clockOf(0, 1).clock.databaseMs()).toBeUndefined());

it.each([-5000, 0, 5000])(
  'never runs behind a database that is ahead by %i ms, nor ahead by more than the way',
  async (aheadMs) => {
    const { host, pass, clock } = clockOf(aheadMs, 20);
    await clock.refresh();
    pass(7000);
    const overstated = (clock.databaseMs() ?? NaN) - (host.wall + aheadMs);
    expect(overstated).toBe(20);
  },
);

it('a sample that took too long is not used', async () => {
  const { clock } = clockOf(0, 600);
  await clock.refresh();
  expect(clock.databaseMs()).toBeUndefined();
});

it('a sample grows old', async () => {
  const { pass, clock } = clockOf(0, 1);
  await clock.refresh();
  pass(60_001);
  expect(clock.databaseMs()).toBeUndefined();
});

it('R19: a host clock that is stepped back, by less than a sample is old, hides nothing', async () => {
  const { host, pass, clock } = clockOf(0, 0);
  await clock.refresh();
  pass(50_000);
  const database = host.wall;
  host.wall -= 30_000;
  expect(clock.databaseMs()).toBe(database);
});

it('R19: a host clock that is stepped forward overstates, and so does a monotonic one that slept', async () => {
  const { host, pass, clock } = clockOf(0, 0);
  await clock.refresh();
  pass(1000);
  host.wall += 30_000;
  expect(clock.databaseMs()).toBe(host.wall);
});
