export { type SqlValue } from '@freshet/footprint';
export { type Answer, type AnswerDetail, type Loaded } from './answer.js';
export { type BypassDetail } from './decide.js';
export { SourceUnavailable, StoreUnavailable, StreamsTaken, TooStale } from './errors.js';
export { type FreshnessRule, type OnStale } from './freshness.js';
export { type Applied, Invalidator } from './invalidator.js';
export { type Chance, type Clock, type EngineEvent, type Listener, type Outcome } from './ports.js';
export { type Pulse } from './pulse.js';
export { Reader, type ReaderPorts, type ReaderSettings, type ReadRequest } from './reader.js';
export { RefreshOnChange } from './refresh-on-change.js';
export { SchemaWatch } from './schema-watch.js';
export { parseSnapshot, type PgSnapshot, sees } from './snapshot.js';
export { type Query, type Source, type SourceRow, type SourceSession, type Statement } from './source.js';
export { StatementRegistry } from './statement-registry.js';
export {
  type CacheEntry,
  type ChangeStore,
  type Control,
  type EntryRead,
  type EntryStore,
  type FenceRead,
  type Fill,
  type FillOutcome,
  type Found,
  type Hold,
  type LeaseId,
  type Member,
  type Meta,
  type News,
  type Progress,
  type Registered,
  type Registration,
  type Standing,
  type Stream,
  streamOf,
  type StreamPosition,
} from './store.js';
export { narrow, widen } from './xid.js';
