import { type Pool } from 'pg';

/** A sample slower than this says too little about the time. */
const WORST_ROUND_TRIP_MS = 1000;
/** Host clocks drift by less than 0.1 %, so an older sample would still be good. */
const SAMPLE_LIFE_MS = 60_000;

/**
 * Two clocks of this host. The wall clock may be stepped, in either direction; the monotonic one is not, but may stand still while the
 * machine sleeps.
 */
export interface HostClock {
  wallMs(): number;
  monotonicMs(): number;
}

interface Sample {
  /** What the database's clock showed, at least. */
  readonly databaseMs: number;
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * The database's clock, as told by this host. Watermarks are times of the database, so staleness must be measured by its clock. The answer
 * may run ahead by up to a sample's round trip, and by a step of the wall clock until the next sample, but never behind: staleness is
 * overstated, not understated.
 */
export class DatabaseClock {
  private sample: Sample | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly host: HostClock,
  ) {}

  /** Undefined while no good sample is at hand. */
  databaseMs(): number | undefined {
    const { sample, host } = this;
    if (sample === undefined) return undefined;
    const passedMs = Math.max(host.monotonicMs() - sample.monotonicMs, host.wallMs() - sample.wallMs);
    return passedMs > SAMPLE_LIFE_MS ? undefined : sample.databaseMs + passedMs;
  }

  /** Takes one sample; keeps the old one when the database does not answer well. */
  async refresh(): Promise<void> {
    // The database reads its clock after this: counting from here overstates its time by the round trip at most.
    const sent = { wallMs: this.host.wallMs(), monotonicMs: this.host.monotonicMs() };
    const { rows } = await this.pool.query<{ ms: string }>('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms');
    const tookMs = this.host.monotonicMs() - sent.monotonicMs;
    const databaseMs = Number(rows[0]?.ms);
    if (tookMs > WORST_ROUND_TRIP_MS || Number.isNaN(databaseMs)) return;
    this.sample = { databaseMs, ...sent };
  }
}
