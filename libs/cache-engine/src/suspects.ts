import { type CacheKey, type Tag } from '@freshet/cache-keys';
import { type RowChange } from '@freshet/row-change';
import { type Candidates } from './candidates.js';
import { type Member, type Standing } from './store.js';

/** An entry or lease that is to be judged, and by what. */
export interface Suspect {
  readonly key: CacheKey;
  readonly changes: readonly RowChange[];
  /** Where it came with the listings. */
  readonly standing: Standing | undefined;
}

interface Listed {
  readonly key: CacheKey;
  readonly tags: Tag[];
  standing: Standing | undefined;
}

/** Those of a page, each once. Who is listed only where what was tagged so was never visible is none. */
export function suspectsOf(
  page: ReadonlyMap<Tag, readonly Member[]>,
  changesUnder: Candidates['changesUnder'],
): Suspect[] {
  const byKey = new Map<CacheKey, Listed>();
  for (const [tag, members] of page) {
    for (const { key, standing } of members) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, { key, tags: [tag], standing });
      else {
        known.tags.push(tag);
        known.standing ??= standing;
      }
    }
  }
  const suspects: Suspect[] = [];
  for (const { key, tags, standing } of byKey.values()) {
    const changes = changesUnder(tags);
    if (changes.length > 0) suspects.push({ key, changes, standing });
  }
  return suspects;
}
