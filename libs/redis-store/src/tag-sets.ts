import { type Member } from '@freshet/cache-engine';
import { type TableName, type Tag, tagPattern } from '@freshet/cache-keys';
import { globEscape } from './glob.js';
import { scanPages } from './masters.js';
import { reaching } from './replies.js';
import { type Argument, type StoreConnection } from './scripts.js';

/** Every tag set of the table, in pages. */
export async function* tagSetsOf(redis: StoreConnection, table: TableName): AsyncIterable<readonly Tag[]> {
  const prefix = redis.options.keyPrefix ?? '';
  const pattern = globEscape(prefix) + globEscape(tagPattern(table).slice(0, -1)) + '*';
  const pages = scanPages(redis, pattern)[Symbol.asyncIterator]();
  for (;;) {
    const page = await reaching(() => pages.next());
    if (page.done === true) return;
    yield page.value.map((key) => key.slice(prefix.length) as Tag);
  }
}

export type Portion = readonly (readonly [Tag, readonly Member[]])[];

/** The same listings, so many at a time. */
export function* portionsOf(listings: ReadonlyMap<Tag, readonly Member[]>, size: number): Iterable<Portion> {
  let portion: [Tag, readonly Member[]][] = [];
  let room = size;
  for (const [tag, members] of listings) {
    for (let at = 0; at < members.length;) {
      const few = members.slice(at, at + room);
      portion.push([tag, few]);
      at += few.length;
      room -= few.length;
      if (room > 0) continue;
      yield portion;
      portion = [];
      room = size;
    }
  }
  if (portion.length > 0) yield portion;
}

/** What `dropListings` is told of one tag set. */
export function dropped(members: readonly Member[]): Argument[] {
  return [members.length, ...members.map(({ key }) => key), ...members.map(({ score }) => score)];
}
