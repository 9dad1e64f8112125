export {
  type Query,
  type Source,
  type SourceRow,
  type SourceSession,
  type SqlValue,
  type Statement,
} from './source.js';
