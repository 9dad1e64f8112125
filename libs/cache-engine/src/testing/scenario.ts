import { tableName } from '@freshet/cache-keys';
import { Invalidator } from '../invalidator.js';
import { type Listener } from '../ports.js';
import { Reader, type ReaderPorts, type ReaderSettings, type ReadRequest } from '../reader.js';
import { type StatementRegistry } from '../statement-registry.js';
import { type ChangeStore, type EntryStore } from '../store.js';
import { type NearFront } from './channels.js';
import { type MemoryState } from './memory-state.js';
import { MemoryStore, type MemoryStoreOptions } from './memory-store.js';
import { type Misfortunes } from './shared.js';
import { facts, type Transaction } from './small-world.js';

/** The parts that a test may replace to see what the original is good for. */
export interface Parts {
  readonly makeStore: (options: Partial<MemoryStoreOptions>, state?: MemoryState) => MemoryStore;
  readonly makeReader: (ports: ReaderPorts, settings: ReaderSettings) => Reader;
  readonly makeInvalidator: (store: ChangeStore, listen: Listener) => Invalidator;
  /** What stands between a process that hears news and its store. */
  readonly makeNear?: (store: EntryStore) => NearFront;
}

export const realParts: Parts = {
  makeStore: (options, state) => new MemoryStore(options, state),
  makeReader: (ports, settings) => new Reader(ports, settings),
  makeInvalidator: (store, listen) => new Invalidator(store, listen),
};

/** What takes part, and how often something may go wrong. */
export interface Scenario extends Partial<Misfortunes> {
  readonly transactions: readonly Transaction[];
  /** One list for each process, one list in it for each caller: the reads it makes one after the other. */
  readonly processes: readonly (readonly (readonly ReadRequest[])[])[];
  readonly statements: StatementRegistry;
  /** How many fenced transactions are kept at least. */
  readonly enough?: number;
  /** Nobody has read these tables before: schemes and footprints are learned on the way. */
  readonly newcomers?: boolean;
  /** Every hit loads its entry anew. */
  readonly early?: boolean;
  /** So many processes hear news, the first ones. */
  readonly listeners?: number;
  /** Deletes and watermarks are told over channels of their own. */
  readonly torn?: boolean;
  /** Every entry is stored already. */
  readonly warm?: boolean;
}

/** Steps that read what never changes in the scenario: any other order ends the same. */
export function constantSteps(scenario: Scenario): ReadonlySet<string> {
  const { newcomers, takeovers, crashes, processes, transactions } = scenario;
  const forgetful = (scenario.losses ?? scenario.setbacks) !== undefined;
  const steps = ['fetches', 'get facts'];
  // What a process is told meanwhile matters where it listens.
  if (scenario.listeners === undefined) steps.push('reads on', 'pause');
  const learned = newcomers !== true && !forgetful;
  if (learned) steps.push('learn schemes', 'get schemes', 'get footprints');
  if (learned && takeovers === undefined) steps.push('get versions');
  if (takeovers === undefined && crashes === undefined) steps.push('commits offset');
  const named = processes.flat(2).some(({ token }) => token !== undefined);
  const epochRaised = transactions.some(({ table }) => !facts.has(tableName('public', table)));
  if (!named && !epochRaised && !forgetful) steps.push('get control');
  return new Set(steps);
}
