/** One look at an address: what the cache answers, and right after it what the database says. */
export interface Look {
  /** The etag of a hit; undefined when the answer did not come from an entry. */
  readonly cached: string | undefined;
  /** The etag of an answer that was made past the entry, from a snapshot taken after the hit. */
  readonly fresh: string;
}

export type Judgement = 'not-cached' | 'right' | 'suspect';

/** The first look. A hit that differs is only suspect: the row may have changed between the two answers. */
export function judge({ cached, fresh }: Look): Judgement {
  if (cached === undefined) return 'not-cached';
  return cached === fresh ? 'right' : 'suspect';
}

/**
 * A later look at a suspect. It is cleared when its entry is gone or replaced, or when the database says the same again. What is still
 * served unchanged while the database says otherwise is late by now; the caller knows by how much.
 */
export function cleared(suspect: string, { cached, fresh }: Look): boolean {
  return cached !== suspect || cached === fresh;
}
