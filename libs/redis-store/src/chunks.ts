/** How much one command or pipeline may ask for: short enough that Redis serves others in between. */
export const TAGS_A_PROBE = 256;
export const KEYS_A_PIPELINE = 500;

export function* chunks<T>(all: readonly T[], size: number): Iterable<T[]> {
  for (let i = 0; i < all.length; i += size) yield all.slice(i, i + size);
}
