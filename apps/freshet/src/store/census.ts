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
  const pipeline = redis.pipeline();
  for (const set of sets) pipeline.zcard(set).memory('USAGE', set);
  const replies = (await pipeline.exec()) ?? [];
  const sum = (odd: 0 | 1): number =>
    replies.filter((_, i) => i % 2 === odd).reduce((total, [, reply]) => total + Number(reply ?? 0), 0);
  return { listings: sum(0), bytes: sum(1) };
}
