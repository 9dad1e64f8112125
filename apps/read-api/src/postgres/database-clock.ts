import { type Pool } from 'pg';

/** A sample slower than this says too little about the time. */
const WORST_ROUND_TRIP_MS = 1000;
/** Host clocks drift by less than 0.1 %, so an older sample would still be good; a stepped clock would not be noticed. */
const SAMPLE_LIFE_MS = 60_000;

interface Sample {
  /** Add to the host's clock to get the database's, at least. */
  readonly offsetMs: number;
  readonly takenAtMs: number;
}

/**
 * How far the database's clock is from this host's. Watermarks are times of the database, so staleness must be measured by its clock.
 * The answer may run ahead by up to half a sample's round trip, never behind: staleness is overstated, not understated.
 */
export class DatabaseClock {
  private sample: Sample | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly nowMs: () => number,
  ) {}

  /** Undefined while no good sample is at hand. */
  databaseMs(): number | undefined {
    const now = this.nowMs();
    const { sample } = this;
    // A host clock that was stepped back makes the sample worthless.
    if (sample === undefined || now < sample.takenAtMs || now - sample.takenAtMs > SAMPLE_LIFE_MS) return undefined;
    return now + sample.offsetMs;
  }

  /** Takes one sample; keeps the old one when the database does not answer well. */
  async refresh(): Promise<void> {
    const sent = this.nowMs();
    const { rows } = await this.pool.query<{ ms: string }>('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms');
    const received = this.nowMs();
    const databaseMs = Number(rows[0]?.ms);
    if (received < sent || received - sent > WORST_ROUND_TRIP_MS || Number.isNaN(databaseMs)) return;
    // The database read its clock no later than `received`: counting from `sent` overstates its time by the round trip at most.
    this.sample = { offsetMs: databaseMs - sent, takenAtMs: received };
  }
}
