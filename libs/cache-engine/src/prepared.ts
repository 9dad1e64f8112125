import { type Scheme, schemeText, type Tag } from '@freshet/cache-keys';
import { type Statement } from './source.js';
import { type Described } from './statement-registry.js';

/** A statement with what has to be registered before it is sent. */
export interface Prepared {
  readonly statement: Statement;
  readonly described: Extract<Described, { kind: 'cacheable' }>;
}

/** Where a load of these has to be listed, each place once. */
export function placesOf(prepared: readonly Prepared[]): { readonly tags: Tag[]; readonly schemes: Scheme[] } {
  const tags = new Set<Tag>();
  const schemes = new Map<string, Scheme>();
  for (const { described } of prepared) {
    for (const tag of described.tags) tags.add(tag);
    for (const scheme of described.schemes) schemes.set(`${scheme.table} ${schemeText(scheme)}`, scheme);
  }
  return { tags: [...tags], schemes: [...schemes.values()] };
}
