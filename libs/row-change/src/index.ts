export { parseEnvelope, type Malformed, type Parsed } from './envelope.js';
export { ImageColumns, type Values } from './image-columns.js';
export { keptWith } from './logged-row.js';
export { UNAVAILABLE, type Change, type Heartbeat, type Row, type RowChange, type TableRef } from './row-change.js';
