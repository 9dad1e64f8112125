import { type Member } from '@freshet/cache-engine';
import { type CacheKey, type Tag } from '@freshet/cache-keys';
import { listOf, textOf } from './replies.js';
import { parseToldStanding, TOLD_FIELDS } from './standing.js';
import { type Argument } from './scripts.js';

/** Tag sets to list, in one command. */
export interface Look {
  readonly tags: readonly Tag[];
  /** The score from which the first of them is listed; the others are from their beginning. */
  readonly from: number;
}

export interface Seen {
  readonly page: ReadonlyMap<Tag, readonly Member[]>;
  /** What had no room. */
  readonly rest: Look | undefined;
}

/** What `listMembers` is told. */
export function lookArguments({ tags, from }: Look, most: number): Argument[] {
  return [...tags.map((_, i) => (i === 0 ? from : 0)), most, ...TOLD_FIELDS];
}

export function parseLook({ tags, from }: Look, reply: unknown): Seen {
  const [countsText, goesOnAt, ...flat] = listOf(reply) as (string | null)[];
  const counts = textOf(countsText) === '' ? [] : (textOf(countsText) ?? '').split(' ').map(Number);
  const page = new Map<Tag, Member[]>();
  let at = 0;
  counts.forEach((count, i) => {
    const members: Member[] = [];
    for (const end = at + 3 * count; at < end; at += 3) members.push(memberAt(flat, at));
    if (count > 0) page.set(tags[i] as Tag, members);
  });
  return { page, rest: restOf({ tags, from }, counts.length, textOf(goesOnAt) ?? '') };
}

function memberAt(flat: readonly (string | null)[], at: number): Member {
  const told = flat[at + 2];
  const standing = told == null ? undefined : parseToldStanding(told);
  return { key: flat[at] as CacheKey, score: Number(flat[at + 1]), standing };
}

/** Pages by score, not by rank: removals in between shift ranks. */
function restOf({ tags, from }: Look, begun: number, goesOnAt: string): Look | undefined {
  if (goesOnAt !== '') {
    // Two members may have one score, and a page may end between them: it goes on with both. One that is full of a single score moves on.
    const listedFrom = begun === 1 ? from : 0;
    return { tags: tags.slice(begun - 1), from: Math.max(Number(goesOnAt), listedFrom + 1) };
  }
  return begun < tags.length ? { tags: tags.slice(begun), from: 0 } : undefined;
}
