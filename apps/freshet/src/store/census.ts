import { viewOfKey } from '@freshet/cache-keys';
import { scanPages, type StoreConnection } from '@freshet/redis-store';

/** What the store holds, counted by walking through it. */
export interface Census {
  readonly entriesByView: ReadonlyMap<string, number>;
  readonly tagSets: number;
  /** Listings of entries in tag sets, and the bytes of the sets: estimated from a sample. */
  readonly listings: number;
  readonly indexBytes: number;
}

const SAMPLED_SETS = 500;

export async function takeCensus(redis: StoreConnection): Promise<Census> {
  const entriesByView = new Map<string, number>();
  const sample: string[] = [];
  let tagSets = 0;
  for await (const keys of scanPages(redis, '[et]:*')) {
    for (const key of keys) {
      const view = viewOfKey(key);
      if (view !== undefined) entriesByView.set(view, (entriesByView.get(view) ?? 0) + 1);
      if (!key.startsWith('t:')) continue;
      tagSets += 1;
      // Each set has the same chance to be in the sample, however many there are.
      if (sample.length < SAMPLED_SETS) sample.push(key);
      else if (Math.random() < SAMPLED_SETS / tagSets) sample[Math.floor(Math.random() * SAMPLED_SETS)] = key;
    }
  }
  const { listings, bytes } = await sizesOf(redis, sample);
  const scale = sample.length === 0 ? 0 : tagSets / sample.length;
  return { entriesByView, tagSets, listings: Math.round(listings * scale), indexBytes: Math.round(bytes * scale) };
}

async function sizesOf(redis: StoreConnection, sets: readonly string[]): Promise<{ listings: number; bytes: number }> {
  // Command by command: one pipeline goes to one node of a cluster, and the sets lie on several.
  const sizes = await Promise.all(sets.map((set) => Promise.all([redis.zcard(set), redis.memory('USAGE', set)])));
  const sum = (of: 0 | 1): number => sizes.reduce((total, size) => total + Number(size[of] ?? 0), 0);
  return { listings: sum(0), bytes: sum(1) };
}
