import { type ChangeStore } from '@freshet/cache-engine';

/**
 * Calls `onProgress` after every answer of the store and before the next step goes on. A long slice so keeps its place in the group
 * for as long as the store answers, and loses it when it hangs: no timer hides that. What `onProgress` throws stops the slice.
 */
export function progressingStore(store: ChangeStore, onProgress: () => Promise<void>): ChangeStore {
  async function* paced<T>(pages: AsyncIterable<T>): AsyncIterable<T> {
    for await (const page of pages) {
      await onProgress();
      yield page;
    }
  }
  const after = async <T>(answer: Promise<T>): Promise<T> => {
    const value = await answer;
    await onProgress();
    return value;
  };
  return {
    open: () => after(store.open()),
    take: (streams) => after(store.take(streams)),
    fence: (xids, stream) => after(store.fence(xids, stream)),
    schemes: () => after(store.schemes()),
    facts: () => after(store.facts()),
    footprints: (ids) => after(store.footprints(ids)),
    members: (tags) => paced(store.members(tags)),
    tagsOf: (table) => paced(store.tagsOf(table)),
    standings: (keys) => after(store.standings(keys)),
    remove: (keys, listings) => after(store.remove(keys, listings)),
    drop: (listings) => after(store.drop(listings)),
    schemaChanged: () => after(store.schemaChanged()),
    publish: (progress) => after(store.publish(progress)),
    settle: (ends, watermarkMs) => after(store.settle(ends, watermarkMs)),
    holdFills: (found) => after(store.holdFills(found)),
    resumeFills: (hold, beyond) => after(store.resumeFills(hold, beyond)),
    raiseEpoch: (reason) => after(store.raiseEpoch(reason)),
    positionOf: (topic, partition) => store.positionOf(topic, partition),
    rewind: (position) => after(store.rewind(position)),
  };
}
