import { type Pool } from 'pg';
import { DatabaseClock } from './database-clock.js';

/** A database whose clock is ahead by `aheadMs`, and that needs `wayMs` each way to be asked. */
function clockOf(aheadMs: number, wayMs: number) {
  const host = { nowMs: 1_000_000 };
  const query = async () => {
    host.nowMs += wayMs;
    const rows = [{ ms: String(host.nowMs + aheadMs) }];
    host.nowMs += wayMs;
    return { rows };
  };
  return { host, clock: new DatabaseClock({ query } as unknown as Pool, () => host.nowMs) };
}

it('knows nothing before the first sample', () => expect(clockOf(0, 1).clock.databaseMs()).toBeUndefined());

it.each([-5000, 0, 5000])(
  'never runs behind a database that is ahead by %i ms, nor ahead by more than the way',
  async (aheadMs) => {
    const { host, clock } = clockOf(aheadMs, 20);
    await clock.refresh();
    const overstated = (clock.databaseMs() ?? NaN) - (host.nowMs + aheadMs);
    expect(overstated).toBe(20);
  },
);

it('a sample that took too long is not used', async () => {
  const { clock } = clockOf(0, 600);
  await clock.refresh();
  expect(clock.databaseMs()).toBeUndefined();
});

it('a sample grows old, and a host clock that steps back makes it worthless', async () => {
  const { host, clock } = clockOf(0, 1);
  await clock.refresh();
  host.nowMs += 60_001;
  expect(clock.databaseMs()).toBeUndefined();
  host.nowMs -= 120_000;
  expect(clock.databaseMs()).toBeUndefined();
});
