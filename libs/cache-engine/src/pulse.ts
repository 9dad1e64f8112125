import { type Heartbeat } from '@freshet/row-change';

/** What the heartbeats applied so far say of the database. */
export interface Pulse {
  readonly sequence: bigint;
  /** The lives of the database server that were seen, the present one last. */
  readonly runs: readonly string[];
  readonly line: string | undefined;
}

/** A heartbeat of a run before these looks like a new one: then too much is deleted. */
const RUNS_KEPT = 20;

export interface Followed {
  readonly pulse: Pulse | undefined;
  /** Why the log before these heartbeats cannot be whole. */
  readonly broken: string | undefined;
}

/** Follows the heartbeats of a slice, in the order of the log. Pure. */
export function follow(pulse: Pulse | undefined, heartbeats: readonly Heartbeat[]): Followed {
  let followed: Followed = { pulse, broken: undefined };
  for (const heartbeat of heartbeats) {
    const trouble = followed.pulse === undefined ? undefined : troubleWith(heartbeat, followed.pulse);
    if (trouble === 'old') continue;
    followed = { pulse: after(heartbeat, followed.pulse), broken: followed.broken ?? trouble };
  }
  return followed;
}

/** Numbers have no gap, so one that is skipped was never logged, or was lost. Smaller ones are a replay, unless a later run wrote them. */
function troubleWith({ sequence, server }: Heartbeat, { sequence: last, runs, line }: Pulse): string | undefined {
  const earlier = server !== undefined && runs.slice(0, -1).includes(server.run);
  const sameRun = server === undefined || runs.length === 0 || runs.at(-1) === server.run;
  if (sameRun || earlier) {
    if (sequence <= last) return 'old';
    return sequence === last + 1n && !earlier ? undefined : 'a heartbeat is missing from the log';
  }
  if (server.line !== line) return 'the database is another cluster or on another timeline';
  if (server.since <= last) return 'the database was set back to an earlier time';
  if (sequence !== last + 1n) return 'a heartbeat is missing from the log';
  // What was lost may have lain between two heartbeats: then the numbers do not tell.
  return 'the database server was started again, and may have been set back to an earlier time';
}

function after({ sequence, server }: Heartbeat, pulse: Pulse | undefined): Pulse {
  if (server === undefined) return { sequence, runs: pulse?.runs ?? [], line: pulse?.line };
  const before = (pulse?.runs ?? []).filter((run) => run !== server.run);
  return { sequence, runs: [...before, server.run].slice(-RUNS_KEPT), line: server.line };
}
