import { createHash } from 'node:crypto';
import { escapePart, type TableName } from './table-name.js';

/** Where an entry is stored: `e:<view>@<version>:<params>`. */
export type CacheKey = string & { readonly brand: 'CacheKey' };
/** A statement's name and a digest of its footprint and text, e.g. `invoice.list.page@4f1c…`. Same id, same meaning, for ever. */
export type StatementId = string & { readonly brand: 'StatementId' };

export type Param = string | number | boolean | null;
export type Params = Readonly<Record<string, Param | undefined>>;

/** Parameters longer than this are stored by their digest. */
const LONGEST_PARAMS = 200;

/** `business_id=5&page=2`: sorted by name, absent ones left out, so that equal requests share one key. */
export function canonicalParams(params: Params): string {
  return Object.entries(params)
    .filter((pair): pair is [string, Param] => pair[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value === null ? '~' : escapePart(String(value))}`)
    .join('&');
}

export function cacheKey(view: string, version: string, params: Params): CacheKey {
  const text = canonicalParams(params);
  return `e:${view}@${version}:${text.length <= LONGEST_PARAMS ? text : `~${digest(text)}`}` as CacheKey;
}

export function statementId(name: string, content: string): StatementId {
  return `${name}@${digest(content).slice(0, 16)}` as StatementId;
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** The view an entry belongs to; undefined for a key that is none of ours. */
export function viewOfKey(key: string): string | undefined {
  return /^e:([^@]+)@/.exec(key)?.[1];
}

/** Keys that are not entries or tags. The braces pin the control keys to one cluster slot: one Lua step reads several of them. */
export const controlKeys = {
  /** Hash: epoch, fence position, floor, watermark, stream positions, scheme version. */
  control: '{freshet}control',
  /** Sorted set of `xid:position`, scored by the 32-bit xid. */
  fence: '{freshet}fence',
  /** Sorted set of 32-bit xids of which every row change is applied. */
  applied: '{freshet}applied',
  /** Hash: statement id → footprint (JSON). */
  footprints: '{freshet}footprints',
  /** Hash: table → facts (JSON). */
  facts: '{freshet}facts',
  /** Set of `<table>:<scheme text>`. */
  schemes: '{freshet}schemes',
  /** Pub/sub channel of deletes and watermarks, in the order in which they happened. */
  news: '{freshet}news',
} as const;

export function tagPattern(table: TableName): string {
  return `t:${table}:*`;
}
