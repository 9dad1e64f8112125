import type { Face, RowHistory, Version } from './row-history.js';

/** What an answer says of one row. */
export interface Claim {
  readonly row: RowHistory;
  /** The version it shows, where it shows one. */
  readonly version?: number;
  readonly fits: (face: Face) => boolean;
  /** For people. */
  readonly said: string;
}

/** What was known when a request began. */
export interface Horizon {
  readonly beganMs: number;
  /** Of each row that the address shows: the newest version applied, and the newest acknowledged. */
  readonly applied: ReadonlyMap<RowHistory, number>;
  readonly acked: ReadonlyMap<RowHistory, number>;
}

export type Vow = 'nothing that is applied is missing' | 'nothing older than allowed' | 'what the database shows';

export interface Violation {
  readonly claim: Claim;
  readonly promise: Vow;
  readonly needed: number;
  /** The newest version that the answer can be taken for; undefined when it is none that ever was. */
  readonly shown: number | undefined;
}

export function horizonOf(rows: readonly RowHistory[], beganMs: number): Horizon {
  return {
    beganMs,
    applied: new Map(rows.map((row) => [row, row.applied])),
    acked: new Map(rows.map((row) => [row, row.acked])),
  };
}

/** An answer from the cache: it lacks nothing that was applied when it was asked for, and nothing that was committed long before. */
export function judgeCached(claims: readonly Claim[], horizon: Horizon, boundMs: number): Violation | undefined {
  for (const claim of claims) {
    const applied = horizon.applied.get(claim.row) ?? 0;
    const old = claim.row.ackedAt(horizon.beganMs - boundMs);
    const late = missing(claim, old, 'nothing older than allowed');
    const violation = missing(claim, applied, 'nothing that is applied is missing') ?? late;
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** An answer from the database: it lacks nothing whose writer had been told so before. */
export function judgeFresh(claims: readonly Claim[], horizon: Horizon): Violation | undefined {
  for (const claim of claims) {
    const violation = missing(claim, horizon.acked.get(claim.row) ?? 0, 'what the database shows');
    if (violation !== undefined) return violation;
  }
  return undefined;
}

function missing(claim: Claim, needed: number, promise: Vow): Violation | undefined {
  const shown = claim.row.versions.findLast((version) => agrees(claim, version))?.number;
  return shown === undefined || shown < needed ? { claim, promise, needed, shown } : undefined;
}

/** A version that was rolled back is one that nobody may ever see. */
function agrees({ version, fits }: Claim, { number, face, fate }: Version): boolean {
  return fate !== 'aborted' && (version === undefined || version === number) && fits(face);
}
