import { digest } from '@freshet/cache-keys';
import { type BypassDetail } from './decide.js';
import { type Outcome } from './ports.js';
import { type CacheEntry, type Meta } from './store.js';

/** What a view made of its rows. */
export interface Loaded {
  readonly body: Buffer;
  readonly status: number;
  readonly meta: Meta;
}

export type AnswerDetail = BypassDetail | 'refused' | 'shared' | 'full' | 'schema' | 'standby';

/** What a read resolves to, with what `Cache-Status`, `Age` and `ETag` need. */
export interface Answer extends Loaded {
  readonly outcome: Outcome;
  readonly detail: AnswerDetail | undefined;
  readonly stored: boolean;
  readonly etag: string;
  readonly ageSeconds: number;
  readonly ttlLeftSeconds: number;
  /** Served although the log is late (`ON_STALE=serve`). */
  readonly late: boolean;
}

export function etagOf(body: Buffer): string {
  return `"${digest(body.toString('latin1')).slice(0, 22)}"`;
}

export function fromEntry(entry: CacheEntry, nowMs: number, late: boolean): Answer {
  const ageSeconds = Math.max(0, Math.floor((nowMs - entry.storedAtMs) / 1000));
  return {
    body: entry.body,
    status: entry.status,
    meta: entry.meta,
    etag: entry.etag,
    outcome: 'hit',
    detail: undefined,
    stored: true,
    ageSeconds,
    ttlLeftSeconds: Math.max(0, entry.ttlSeconds - ageSeconds),
    late,
  };
}

export function fromSource(loaded: Loaded, etag: string, outcome: Outcome, detail?: AnswerDetail): Answer {
  const stored = outcome === 'miss';
  return { ...loaded, outcome, detail, stored, etag, ageSeconds: 0, ttlLeftSeconds: 0, late: false };
}
