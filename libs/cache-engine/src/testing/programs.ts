import { type Answer } from '../answer.js';
import { type Listener } from '../ports.js';
import { type Reader, type ReaderSettings, type ReadRequest } from '../reader.js';
import { type LeaseId } from '../store.js';
import { Listening, slowAnswers } from './channels.js';
import { Beginnings, type Start } from './beginnings.js';
import { readable } from './memory-state.js';
import { LogFollower } from './log-follower.js';
import { type MemoryStore, type Pace } from './memory-store.js';
import { type Program } from './places.js';
import { type Parts, type Scenario } from './scenario.js';
import { type Shared } from './shared.js';
import { seenIn, type Transaction } from './small-world.js';
import { type Stage } from './stage.js';

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
const deaf = { listen: silent, schemaMoved: () => undefined };
const isEmpty = ({ length }: readonly unknown[]): boolean => length === 0;

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

  process(number: number, callers: readonly (readonly ReadRequest[])[]): Program {
    const { scenario, parts, shared } = this.around;
    const name = `process ${number}`;
    const run = (stage: Stage): (() => unknown) => {
      let nowMs = 0;
      let leases = 0;
      const beginnings = new Beginnings(this.around);
      const pause = (ms: number): Promise<void> => stage.pace('pause', () => undefined).then(() => void (nowMs += ms));
      const store = this.connect(stage, (pace, unheard) => beginnings.on(pace, unheard));
      const listening = this.listening(stage, number, store);
      beginnings.listening = listening;
      const ports = {
        store: listening?.front ?? store,
        source: shared.database.source(beginnings.on(stage.pace)),
        statements: scenario.statements,
        clock: { nowMs: () => nowMs, databaseMs: () => undefined, pause },
        chance: { leaseId: () => `${name} ${++leases}` as LeaseId, fraction: () => 0 },
      };
      const reader = parts.makeReader({ ...ports, ...deaf }, this.settings);
      const left = callers.map((reads) => [...reads]);
      let busy = left.length;
      for (const reads of left) void call({ stage, reader, reads, beginnings }).then(() => (busy -= 1));
      listening?.listen(() => busy);
      const known = (): unknown => [nowMs, leases, fieldsOf(reader, Object.values(ports)), listening?.knowledge];
      return () => [left.map(({ length }) => length), ...(left.every(isEmpty) ? [] : [known()])];
    };
    return { name, run };
  }

  /** Reads everything once. */
  async warm(): Promise<void> {
    const { scenario, parts, shared } = this.around;
    const atOnce: Pace = async (_, work) => work();
    let leases = 0;
    const reader = parts.makeReader(
      {
        store: parts.makeStore({}, shared.store),
        source: shared.database.source(atOnce),
        statements: scenario.statements,
        clock: { nowMs: () => 0, databaseMs: () => undefined, pause: async () => undefined },
        chance: { leaseId: () => `before ${++leases}` as LeaseId, fraction: () => 0 },
        ...deaf,
      },
      settings,
    );
    for (const request of scenario.processes.flat(2)) await reader.read({ ...request, token: undefined });
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

  private get settings(): ReaderSettings {
    return { ...settings, earlyRefresh: this.around.scenario.early === true ? 1 : 0 };
  }

  private listening(stage: Stage, number: number, store: MemoryStore): Listening | undefined {
    const { scenario, parts, shared } = this.around;
    if (number >= (scenario.listeners ?? 0) || parts.makeNear === undefined) return undefined;
    const around = { shared, stage, number, torn: scenario.torn === true, breaks: (scenario.breaks ?? 0) > 0 };
    return new Listening(around, parts.makeNear(slowAnswers(store, stage)));
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
  let visible = beginnings.listening === undefined ? [] : await beginnings.wait(stage);
  for (let request = reads.shift(); request !== undefined; request = reads.shift()) {
    const start = beginnings.note(visible);
    const answer = await reader.read(request);
    stage.wrong ??= complaint(request, answer, start);
    if (reads.length > 0) visible = await beginnings.wait(stage);
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
