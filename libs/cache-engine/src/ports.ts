import { type StoreUnavailable } from './errors.js';
import { type EntryStore, type LeaseId } from './store.js';

/** Time and chance, handed in so that tests decide them. */
export interface Clock {
  nowMs(): number;
  /** The database's clock as well as this host can tell; undefined while it is not known. */
  databaseMs(): number | undefined;
  pause(ms: number): Promise<void>;
}

export interface Chance {
  /** Never the same twice, in any process. */
  leaseId(): LeaseId;
  /** In [0, 1). */
  fraction(): number;
}

export type Outcome = 'hit' | 'miss' | 'shared' | 'refused' | 'bypass' | 'error';

/** One event for each outcome, from one place. Metrics, logs and traces subscribe. */
export type EngineEvent =
  | { readonly kind: 'read'; readonly view: string; readonly outcome: Outcome; readonly detail: string | undefined }
  /** A view was loaded from the source and rendered, whether or not it is stored. */
  | { readonly kind: 'load'; readonly view: string; readonly ms: number }
  /** An entry was loaded anew before its end, or after a change, without a request that waits for it. */
  | { readonly kind: 'renewed'; readonly view: string; readonly outcome: Outcome }
  /** A read goes on without the store; this is why. */
  | { readonly kind: 'store-failed'; readonly step: keyof EntryStore; readonly error: StoreUnavailable }
  | { readonly kind: 'refused-statement'; readonly statement: string; readonly reasons: readonly string[] }
  | { readonly kind: 'deleted'; readonly key: string; readonly because: string }
  | { readonly kind: 'applied'; readonly changes: number; readonly tested: number; readonly deleted: number }
  | { readonly kind: 'epoch-raised'; readonly epoch: number; readonly reason: string };

export type Listener = (event: EngineEvent) => void;
