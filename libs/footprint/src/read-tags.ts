import { tag, type Scheme, type Tag } from '@freshet/cache-keys';
import type { Footprint, SqlValue } from './footprint.js';

export interface ReadTags {
  readonly tags: readonly Tag[];
  readonly schemes: readonly Scheme[];
}

/** What a read with these values registers: every row that can matter to it carries one of the tags. */
export function readTags(footprint: Footprint, _values: readonly SqlValue[]): ReadTags {
  const schemes = [...new Set(footprint.occurrences.map((o) => o.root))].map((table): Scheme => ({ table, parts: [] }));
  return { schemes, tags: schemes.map((scheme) => tag(scheme, [])) };
}
