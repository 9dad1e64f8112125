import { type ChangeStore, type Progress } from '@freshet/cache-engine';
import { type Tag } from '@freshet/cache-keys';
import { progressingStore } from './progressing-store.js';

/** A store whose every answer is written down. */
function diaryStore(diary: string[]): ChangeStore {
  async function* pages(name: string): AsyncIterable<never> {
    for (const page of [1, 2]) {
      diary.push(`${name} ${page}`);
      yield page as never;
    }
  }
  return new Proxy({} as ChangeStore, {
    get: (_target, name: string) =>
      name === 'members' || name === 'tagsOf' ? () => pages(name) : async () => void diary.push(name),
  });
}

describe('progressingStore', () => {
  test('every answer counts as progress before the next step begins, and so does every page', async () => {
    const diary: string[] = [];
    const store = progressingStore(diaryStore(diary), async () => void diary.push('beat'));
    await store.fence([], { topic: 't', partition: 0 });
    for await (const page of store.members(['t:a:' as Tag])) diary.push(`work on ${JSON.stringify(page)}`);
    await store.publish({} as Progress);
    expect(diary).toEqual([
      ...['fence', 'beat'],
      ...['members 1', 'beat', 'work on 1', 'members 2', 'beat', 'work on 2'],
      ...['publish', 'beat'],
    ]);
  });

  test('a group that has moved on stops the slice at the next step', async () => {
    const diary: string[] = [];
    const store = progressingStore(diaryStore(diary), () => Promise.reject(new Error('rebalance')));
    await expect(store.fence([], { topic: 't', partition: 0 })).rejects.toThrow('rebalance');
  });
});
