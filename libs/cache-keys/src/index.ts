export {
  cacheKey,
  canonicalParams,
  controlKeys,
  digest,
  statementId,
  tagPattern,
  viewOfKey,
  type CacheKey,
  type Param,
  type Params,
  type StatementId,
} from './cache-key.js';
export { parseScheme, schemeText, type Keying, type Scheme, type SchemePart } from './scheme.js';
export { tableName, type TableName } from './table-name.js';
export { tag, tagsUnder, type Tag } from './tag.js';
export { ttlSeconds, ttlTables, type Environment, type Model, type TtlTable } from './ttl-table.js';
