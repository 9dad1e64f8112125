import { type Answer } from '@freshet/cache-engine';

/** Of an answer that is written as it is read. */
export const STREAMED: readonly string[] = ['Cache-Status', 'Freshet; fwd=miss; detail=streamed'];

/** What the cache did, in the words of RFC 9211; how old the answer is; and by what name to ask for it again. */
export function cacheHeaders(answer: Answer): readonly string[] {
  const headers = ['Cache-Status', cacheStatus(answer)];
  if (answer.outcome === 'hit') headers.push('Age', String(answer.ageSeconds));
  if (answer.late) headers.push('Warning', '110 - "Response is Stale"');
  if (answer.status === 200 && answer.meta['links'] !== 'signed') headers.push('ETag', etagOf(answer));
  return headers;
}

function cacheStatus({ outcome, detail, stored, ttlLeftSeconds }: Answer): string {
  if (outcome === 'hit') return `Freshet; hit; ttl=${ttlLeftSeconds}`;
  const status = `Freshet; fwd=${outcome === 'bypass' ? 'bypass' : 'miss'}`;
  // Whoever shares it did not store it, and it may be older than a load of its own would be.
  if (stored && outcome === 'miss') return `${status}; stored`;
  return detail === undefined ? status : `${status}; detail=${detail}`;
}

/** Weak: the same entry goes out compressed and plain. */
function etagOf({ etag }: Answer): string {
  return `W/${etag}`;
}

/** Whether `If-None-Match` names the answer. One with signed links is sent again each time: the caller's copy of them ends. */
export function isUnchanged(ifNoneMatch: string | undefined, answer: Answer): boolean {
  if (ifNoneMatch === undefined || answer.status !== 200 || answer.meta['links'] === 'signed') return false;
  return ifNoneMatch.includes(answer.etag) || ifNoneMatch.trim() === '*';
}
