import { type Answer } from '../answer.js';
import { type Listener } from '../ports.js';
import { type Reader, type ReaderSettings, type ReadRequest } from '../reader.js';
import { type LeaseId } from '../store.js';
import { readable } from './memory-state.js';
import { LogFollower } from './log-follower.js';
import { type MemoryStore, type Pace } from './memory-store.js';
import { type Program } from './places.js';
import { type Parts, type Scenario } from './scenario.js';
import { type Shared } from './shared.js';
import { seenIn, type Transaction } from './small-world.js';
import { type Stage } from './stage.js';

/** What was true when a read began. */
interface Start {
  readonly applied: readonly number[];
  readonly visible: readonly number[];
}

export interface Surroundings {
  readonly scenario: Scenario;
  readonly parts: Parts;
  /** Steps whose answers cannot change. */
  readonly constant: ReadonlySet<string>;
  readonly shared: Shared;
}

const settings: ReaderSettings = {
  enabled: true,
  maxStalenessMs: Infinity,
  onStale: 'bypass',
  leaseMs: 1000,
  waitMs: 1,
  pollMs: 1,
  jitterRatio: 0,
  earlyRefresh: 0,
};
const never = (): boolean => false;
const silent: Listener = () => undefined;

/** Adds to each step of a connection. `unheard`: nobody hears any more what comes of it. */
type Wrap = (pace: Pace, unheard: () => boolean) => Pace;

/** The processes of a scenario: real code, each of whose steps works on what is shared. */
export class Programs {
  constructor(private readonly around: Surroundings) {}

  transaction(transaction: Transaction): Program {
    const { database } = this.around.shared;
    const run = (stage: Stage): (() => unknown) => {
      void database.commit(transaction, stage.pace);
      return () => undefined;
    };
    return { name: `transaction ${transaction.xid}`, run };
  }

  process(name: string, callers: readonly (readonly ReadRequest[])[]): Program {
    const { scenario, parts, shared } = this.around;
    const run = (stage: Stage): (() => unknown) => {
      let nowMs = 0;
      let leases = 0;
      const beginnings = new Beginnings(this.around);
      const pause = (ms: number): Promise<void> => stage.pace('pause', () => undefined).then(() => void (nowMs += ms));
      const ports = {
        store: this.connect(stage, (pace, unheard) => beginnings.on(pace, unheard)),
        source: shared.database.source(beginnings.on(stage.pace)),
        statements: scenario.statements,
        clock: { nowMs: () => nowMs, databaseMs: () => undefined, pause },
        chance: { leaseId: () => `${name} ${++leases}` as LeaseId, fraction: () => 0 },
      };
      const reader = parts.makeReader(
        { ...ports, listen: silent, schemaMoved: () => undefined },
        { ...settings, earlyRefresh: scenario.early === true ? 1 : 0 },
      );
      const left = callers.map((reads) => [...reads]);
      for (const reads of left) void call({ stage, reader, reads, beginnings });
      return () => [left.map(({ length }) => length), nowMs, leases, fieldsOf(reader, Object.values(ports))];
    };
    return { name, run };
  }

  invalidator(number: number, from: number): Program {
    const run = (stage: Stage): (() => unknown) => {
      const follower = new LogFollower(this.around, stage, { number, from });
      const store = this.connect(stage, (pace) => follower.telling(pace));
      const invalidator = this.around.parts.makeInvalidator(store, silent);
      follower
        .follow(invalidator)
        .catch((error: unknown) => (stage.wrong ??= `the invalidator stopped: ${String(error)}`));
      return () => [follower.knowledge, fieldsOf(invalidator, [store])];
    };
    return { name: `invalidator ${number} from ${from}`, run };
  }

  private connect(stage: Stage, wrap: Wrap): MemoryStore {
    const { scenario, parts, shared } = this.around;
    const connect = (pace: Pace, unheard: () => boolean): MemoryStore =>
      parts.makeStore({ enough: scenario.enough ?? 4096, pace: wrap(pace, unheard) }, shared.store);
    return (scenario.timeouts ?? 0) > 0 ? stage.impatient(connect) : connect(stage.pace, never);
  }
}

interface Call {
  readonly stage: Stage;
  readonly reader: Reader;
  readonly reads: ReadRequest[];
  readonly beginnings: Beginnings;
}

async function call({ stage, reader, reads, beginnings }: Call): Promise<void> {
  for (let request = reads.shift(); request !== undefined; request = reads.shift()) {
    const start = beginnings.note();
    const answer = await reader.read(request);
    stage.wrong ??= complaint(request, answer, start);
    if (reads.length > 0) await stage.pace('reads on', () => undefined);
  }
}

/**
 * A read begins with its first step that can tell: what was true a moment earlier is no excuse. One whose first call is given up before
 * that goes on as if the step, which changes nothing, had come just before: that is another way, and noted there.
 */
class Beginnings {
  private open: Start | undefined;

  constructor(private readonly around: Surroundings) {}

  /** For the read that begins now. */
  note(): Start {
    return (this.open = { applied: [], visible: [] });
  }

  on(pace: Pace, unheard = never): Pace {
    const { shared, constant } = this.around;
    return async (step, work) => {
      const start = this.open;
      this.open = undefined;
      if (start === undefined || constant.has(step)) {
        const result = await pace(step, work);
        this.open = start;
        return result;
      }
      const { now, result } = await pace(step, () => {
        const { appliedXids: applied, database } = shared;
        return { now: { applied, visible: database.visible }, result: work() };
      });
      if (!unheard()) Object.assign(start, now);
      return result;
    };
  }
}

/** What is wrong with an answer, given what was applied and visible when it was asked for. */
function complaint({ key, token }: ReadRequest, answer: Answer, { applied, visible }: Start): string | undefined {
  const seen = seenIn(answer.body);
  const stale = applied.find((xid) => !seen.includes(xid));
  const old = visible.find((xid) => !seen.includes(xid));
  const told = `${key} was answered with "${seen.join()}" (${answer.outcome})`;
  if (token !== undefined && visible.includes(Number(token)) && !seen.includes(Number(token)))
    return `${told}, without transaction ${token}, which the caller named`;
  const { outcome } = answer;
  if (outcome === 'hit')
    return stale === undefined ? undefined : `${told}, though ${stale} was applied before it began`;
  if (outcome === 'shared' && (stale === undefined || old === undefined)) return undefined;
  return old === undefined ? undefined : `${told}, though ${old} was visible before it began`;
}

/** All that an object keeps, however deep, but what it was given. */
function fieldsOf(kept: object, given: readonly object[]): string {
  const besides = new Set<unknown>(given);
  return JSON.stringify(kept, (_, part: unknown) => (besides.has(part) ? undefined : readable(part)));
}
