export { HEARTBEAT_TABLE, parseEnvelope, type IgnoredReason, type Malformed, type Parsed } from './envelope.js';
export { UNAVAILABLE, type Change, type ChangeOrigin, type Row, type RowChange, type TableRef } from './row-change.js';
