import { type CacheKey, tableName } from '@freshet/cache-keys';
import { type Answer } from '../answer.js';
import { StoreUnavailable } from '../errors.js';
import { Invalidator } from '../invalidator.js';
import { type Listener } from '../ports.js';
import { Reader, type ReaderPorts, type ReaderSettings, type ReadRequest } from '../reader.js';
import { type Query } from '../source.js';
import { type StatementRegistry } from '../statement-registry.js';
import { type ChangeStore, type LeaseId } from '../store.js';
import { type Choice, type World } from './explore.js';
import { MemoryState } from './memory-state.js';
import { MemoryStore, type MemoryStoreOptions, type Pace } from './memory-store.js';
import { changesOf, facts, SmallDatabase, seenIn, type Transaction } from './small-world.js';
import { type Actor, EVERYTHING, Process, Stage } from './stage.js';

/** What was true when a read began. */
interface Start {
  readonly applied: readonly number[];
  readonly visible: readonly number[];
}

/** The parts that a test may replace to see what the original is good for. */
export interface Parts {
  readonly makeStore: (options: Partial<MemoryStoreOptions>, state?: MemoryState) => MemoryStore;
  readonly makeReader: (ports: ReaderPorts, settings: ReaderSettings) => Reader;
  readonly makeInvalidator: (store: ChangeStore, listen: Listener) => Invalidator;
}

export const realParts: Parts = {
  makeStore: (options, state) => new MemoryStore(options, state),
  makeReader: (ports, settings) => new Reader(ports, settings),
  makeInvalidator: (store, listen) => new Invalidator(store, listen),
};

/** What takes part, and how often something may go wrong. */
export interface Scenario {
  readonly transactions: readonly Transaction[];
  /** One list for each process, one list in it for each caller: the reads it makes one after the other. */
  readonly processes: readonly (readonly (readonly ReadRequest[])[])[];
  readonly statements: StatementRegistry;
  readonly crashes?: number;
  /** A second invalidator takes over while the first still runs. */
  readonly takeovers?: number;
  readonly vanishings?: number;
  readonly timeouts?: number;
  /** The store loses all it holds. */
  readonly losses?: number;
  /** How many fenced transactions are kept at least. */
  readonly enough?: number;
  /** Nobody has read these tables before: schemes and footprints are learned on the way. */
  readonly newcomers?: boolean;
  /** Every hit loads its entry anew. */
  readonly early?: boolean;
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
const silent: Listener = () => undefined;
const STREAM = { topic: 'changes', partition: 0 };

/** The real engine over a store in memory: some callers, some transactions, an invalidator, and misfortunes. */
export class ProtocolWorld implements World {
  private readonly constant: ReadonlySet<string>;
  private readonly stage: Stage;
  private readonly state = new MemoryState();
  private readonly database: SmallDatabase;
  private invalidator: Actor | undefined;
  /** Records of the log that are applied, and those whose offset is committed. */
  private applied = 0;
  private committed = 0;
  private readonly left: { crashes: number; takeovers: number; vanishings: number; losses: number };
  private wrong: string | undefined;
  private beginning: Start | undefined;

  constructor(
    private readonly scenario: Scenario,
    private readonly parts: Parts = realParts,
  ) {
    const { crashes = 0, takeovers = 0, vanishings = 0, losses = 0, timeouts = 0 } = scenario;
    this.left = { crashes, takeovers, vanishings, losses };
    this.constant = constantSteps(scenario);
    this.stage = new Stage(this.constant, timeouts);
    this.database = new SmallDatabase(scenario.transactions);
    void this.begin();
  }

  /** See Stage. */
  takeConstant(): boolean {
    return this.stage.takeConstant();
  }

  choices(): Choice[] {
    return [...this.stage.choices(), ...this.misfortunes()];
  }

  fingerprint(): string {
    const { applied, committed, left } = this;
    const rest = JSON.stringify([applied, committed, left]);
    return [this.state.fingerprint, this.database.fingerprint, this.stage.fingerprint, rest].join('\n');
  }

  violation(): string | undefined {
    if (this.wrong !== undefined) return this.wrong;
    for (const [key, slot] of this.state.slots) {
      if (slot.kind !== 'entry' || slot.entry.epoch !== this.state.epoch) continue;
      const missing = this.appliedXids.find((xid) => !seenIn(slot.entry.body).includes(xid));
      if (missing !== undefined) return `${key} is stored without transaction ${missing}, which is applied`;
    }
    return undefined;
  }

  private get appliedXids(): number[] {
    return this.database.log.slice(0, this.applied).map(({ xid }) => xid);
  }

  private async begin(): Promise<void> {
    const store = this.parts.makeStore({}, this.state);
    await store.open();
    await store.putFacts(1, facts);
    if (this.scenario.newcomers !== true) await this.teach(store);
    for (const transaction of this.scenario.transactions) {
      void this.database.commit(transaction, this.stage.pace(this.stage.enter(`transaction ${transaction.xid}`)));
    }
    this.scenario.processes.forEach((callers, i) => this.startProcess(`process ${i}`, callers));
    this.startInvalidator();
  }

  /** Schemes and footprints of every view, as if each had been read before. */
  private async teach(store: MemoryStore): Promise<void> {
    const query: Query = async (statement) => {
      const described = this.scenario.statements.describe(statement);
      if (described.kind === 'refused') throw new TypeError(described.reasons.join('; '));
      const footprints = new Map([[described.id, described.json]]);
      const lease = 'teacher' as LeaseId;
      const key = 'e:teacher' as CacheKey;
      const { schemes } = described;
      const rest = { take: true, beside: false, leaseMs: 1, epoch: 0, reads: [], tags: [], memberSeconds: 1 };
      await store.register({ key, lease, schemes, footprints, ...rest });
      await store.release(key, lease);
      return [];
    };
    for (const request of this.scenario.processes.flat(2)) await request.load(query);
  }

  private startProcess(name: string, callers: readonly (readonly ReadRequest[])[]): void {
    const actor = this.stage.enter(name);
    let nowMs = 0;
    let leases = 0;
    const pace = this.noting(this.stage.pace(actor));
    const reader = this.parts.makeReader(
      {
        store: this.connect(actor, pace),
        source: this.database.source(pace),
        statements: this.scenario.statements,
        clock: {
          nowMs: () => nowMs,
          databaseMs: () => undefined,
          pause: (ms) => pace('pause', () => void (nowMs += ms)),
        },
        chance: { leaseId: () => `${name} ${++leases}` as LeaseId, fraction: () => 0 },
        listen: silent,
        schemaMoved: () => undefined,
      },
      { ...settings, earlyRefresh: this.scenario.early === true ? 1 : 0 },
    );
    for (const reads of callers) void this.call(actor.process, reader, reads);
  }

  private async call(process: Process, reader: Reader, reads: readonly ReadRequest[]): Promise<void> {
    for (const request of reads) {
      const start: Start = { applied: [], visible: [] };
      this.beginning = start;
      const reading = reader.read(request);
      this.beginning = undefined;
      const answer = await reading;
      process.hear([answer.outcome, answer.body.toString()]);
      this.wrong ??= complaint(request, answer, start);
    }
  }

  /** A read begins with its first step that can tell: what was true a moment earlier is no excuse. */
  private noting(pace: Pace): Pace {
    return (step, work) => {
      const start = this.beginning;
      this.beginning = undefined;
      return pace(step, () => {
        if (this.constant.has(step)) this.beginning = start;
        else if (start !== undefined) Object.assign(start, this.now);
        return work();
      });
    };
  }

  private get now(): Start {
    return { applied: this.appliedXids, visible: this.database.visible };
  }

  private startInvalidator(): void {
    const actor = this.stage.enter('invalidator');
    this.invalidator = actor;
    let offset = this.committed;
    const mine = (): boolean => this.invalidator === actor;
    const publishing: Pace = (step, work) =>
      this.stage.pace(actor)(step, () => {
        if (step === 'publish') this.applied = Math.max(this.applied, offset + 1);
        const result = work();
        // The schema watch, which reads the catalogue again when a store is opened, is not part of this world.
        if (step === 'open') this.state.facts = facts;
        return result;
      });
    const invalidator = this.parts.makeInvalidator(this.connect(actor, publishing), silent);
    const fetching = this.stage.pace(actor, () => this.database.log.length > offset);
    const run = async (): Promise<void> => {
      while (mine()) {
        const next = await fetching('fetches', () => this.database.log[offset]);
        if (next === undefined || !mine()) return;
        try {
          await invalidator.apply({ changes: changesOf(next), position: { ...STREAM, offset: BigInt(offset) } });
        } catch (error) {
          if (error instanceof StoreUnavailable) continue;
          throw error;
        }
        await this.stage.pace(actor)('commits offset', () => void (mine() && (this.committed = offset + 1)));
        offset += 1;
      }
    };
    run().catch((error: unknown) => (this.wrong ??= `the invalidator stopped: ${String(error)}`));
  }

  private connect(actor: Actor, pace: Pace): MemoryStore {
    const store = this.parts.makeStore({ enough: this.scenario.enough ?? 4096, pace }, this.state);
    return (this.scenario.timeouts ?? 0) > 0 ? this.stage.impatient(store, actor) : store;
  }

  private misfortunes(): Choice[] {
    const { left, state, invalidator } = this;
    const choices: Choice[] = [];
    const may = (what: keyof typeof left, label: string, happen: () => void): void => {
      if (left[what] <= 0) return;
      const take = (): void => {
        left[what] -= 1;
        happen();
      };
      choices.push({ id: label, label, take, ...MISFORTUNES[what] });
    };
    if (invalidator !== undefined && this.database.log.length > this.committed) {
      may('crashes', 'the invalidator crashes and starts again', () => {
        this.stage.kill(invalidator);
        this.startInvalidator();
      });
      may('takeovers', 'another invalidator takes over', () => this.startInvalidator());
    }
    may('losses', 'the store loses everything', () => {
      state.lose();
      state.versions.schema -= 1;
    });
    for (const key of state.slots.keys()) may('vanishings', `${key} vanishes`, () => void state.slots.delete(key));
    return choices;
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

const MISFORTUNES = {
  crashes: { process: 'invalidator', reads: ['committed'], writes: [] },
  takeovers: { process: 'invalidator', reads: ['committed'], writes: [] },
  vanishings: { process: 'vanishings', reads: [], writes: ['slots'] },
  losses: { process: 'losses', reads: [], writes: EVERYTHING },
};

/** Steps that read what never changes in the scenario. */
function constantSteps(scenario: Scenario): ReadonlySet<string> {
  const { newcomers, losses, takeovers, crashes, processes, transactions } = scenario;
  const steps = ['fetches', 'pause', 'get facts'];
  const learned = newcomers !== true && losses === undefined;
  if (learned) steps.push('learn schemes', 'get schemes', 'get footprints');
  if (learned && takeovers === undefined) steps.push('get versions');
  if (takeovers === undefined && crashes === undefined) steps.push('commits offset');
  const named = processes.flat(2).some(({ token }) => token !== undefined);
  const epochRaised = transactions.some(({ table }) => !facts.has(tableName('public', table)));
  if (!named && !epochRaised && losses === undefined) steps.push('get control');
  return new Set(steps);
}
