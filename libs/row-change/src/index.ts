export { UNAVAILABLE, type Change, type ChangeOrigin, type Row, type RowChange, type TableRef } from './row-change.js';
