import { durationText } from '../output.js';
import { readControl } from '../store/control.js';
import { fail, ok, warn, type Check } from './check.js';

/** Longer than the connector's heartbeat interval. */
const LOOK_AGAIN_MS = 2500;
const LATE_MS = 10_000;
const SKEW_WARN_MS = 250;
const SKEW_FAIL_MS = 2000;

export const heartbeat: Check = {
  name: 'heartbeat',
  async run({ database, pause }) {
    const read = async (): Promise<bigint | undefined> => {
      const { rows } = await database.query<{ seq: string }>(
        'SELECT seq::text AS seq FROM freshet_heartbeat WHERE id = 1',
      );
      return rows[0] === undefined ? undefined : BigInt(rows[0].seq);
    };
    const before = await read();
    if (before === undefined) return fail('the heartbeat row is gone', 'run infra/postgres/20-heartbeat.sql');
    await pause(LOOK_AGAIN_MS);
    const after = await read();
    if (after !== undefined && after > before) return ok(`moves: ${after}`);
    return fail(
      `stands still at ${before}: an idle database closes the freshness gate`,
      'set heartbeat.interval.ms to 1000 and heartbeat.action.query in the connector, and see that it runs',
    );
  },
};

interface Slot {
  readonly plugin: string;
  readonly active: boolean;
  readonly wal_status: string | null;
  readonly behind: string | null;
}

export const slot: Check = {
  name: 'replication slot',
  async run({ database, slot: name }) {
    const { rows } = await database.query<Slot>(
      `SELECT plugin, active, wal_status, pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)) AS behind
       FROM pg_replication_slots WHERE slot_name = $1 AND database = current_database()`,
      [name],
    );
    const [found] = rows;
    if (found === undefined) return fail(`there is no slot ${name}`, 'register the connector; it makes its slot');
    if (found.plugin !== 'pgoutput')
      return fail(`the slot decodes with ${found.plugin}`, 'set plugin.name to pgoutput');
    if (found.wal_status === 'lost' || found.wal_status === 'unreserved') {
      return fail(
        `its log is ${found.wal_status}`,
        'drop the slot, restart the connector, raise the epoch: freshet invalidate --all',
      );
    }
    if (!found.active) return fail('nobody reads it, and the log piles up', 'start the connector');
    return ok(`${name} is read, ${found.behind ?? 'unknown'} behind`);
  },
};

export const watermark: Check = {
  name: 'watermark',
  async run({ redis, pause }) {
    const before = await readControl(redis);
    if (before.epoch === undefined)
      return fail('no invalidator has opened the store', 'start the invalidator on this Redis database');
    await pause(LOOK_AGAIN_MS);
    const after = await readControl(redis);
    const lag = after.watermarkMs === undefined ? Infinity : after.storeMs - after.watermarkMs;
    if (after.watermarkMs === undefined || after.watermarkMs <= (before.watermarkMs ?? 0)) {
      return fail(
        'stands still: nothing is served from the cache',
        'see /ready of the invalidator and the state of the connector',
      );
    }
    if (lag > LATE_MS)
      return warn(`moves, ${durationText(lag)} behind`, 'see the lag by hop in the invalidator’s metrics');
    return ok(`moves, ${durationText(Math.max(0, lag))} behind`);
  },
};

/** A loss holds fills up for two to three heartbeats of its stream; whoever looks twice within that time is only warned. */
export const fills: Check = {
  name: 'fills',
  async run({ redis, pause }) {
    if ((await readControl(redis)).hold === undefined) return ok('may be stored');
    await pause(LOOK_AGAIN_MS);
    const { hold } = await readControl(redis);
    if (hold === undefined) return ok('may be stored again after a loss');
    return warn(
      `on hold since something of ${hold.stream} was lost at offset ${hold.offset}: nothing is stored`,
      'look again after three heartbeats; a stream that carries none cannot end it: empty the store, the invalidator opens it again',
    );
  },
};

export const clocks: Check = {
  name: 'clocks',
  async run({ database, redis, nowMs }) {
    const sent = nowMs();
    const { rows } = await database.query<{ ms: string }>('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms');
    const middle = (sent + nowMs()) / 2;
    const [seconds, micros] = await redis.time();
    const received = nowMs();
    const ofDatabase = Number(rows[0]?.ms) - middle;
    const ofStore = Number(seconds) * 1000 + Number(micros) / 1000 - received;
    const worst = Math.max(Math.abs(ofDatabase), Math.abs(ofStore));
    const said = `database ${Math.round(ofDatabase)} ms, Redis ${Math.round(ofStore)} ms from this host`;
    if (worst < SKEW_WARN_MS) return ok(said);
    return (worst < SKEW_FAIL_MS ? warn : fail)(
      said,
      'keep the hosts’ clocks together with NTP: lags and ages are measured across them',
    );
  },
};
