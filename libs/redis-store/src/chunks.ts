/** How much one command may ask for, so that none keeps everybody else waiting for much more than 0.1 ms. A look costs most a key. */
export const TAGS_A_PROBE = 256;
export const KEYS_A_LOOK = 32;
export const KEYS_A_COMMAND = 48;

export function* chunks<T>(all: readonly T[], size: number): Iterable<T[]> {
  for (let i = 0; i < all.length; i += size) yield all.slice(i, i + size);
}
