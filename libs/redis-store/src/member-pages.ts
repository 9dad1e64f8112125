import { type Member } from '@freshet/cache-engine';
import { type CacheKey, type Tag } from '@freshet/cache-keys';
import { listOf } from './replies.js';

/** Of one tag set. */
const MEMBERS_A_PAGE = 96;

/** Tag → the score from which its next page goes on. */
export type From = ReadonlyMap<Tag, number>;

interface Page {
  readonly page: ReadonlyMap<Tag, readonly Member[]>;
  readonly next: From;
}

export function pageAfter(score: number): [number, '+inf', 'WITHSCORES', 'LIMIT', number, number] {
  return [score, '+inf', 'WITHSCORES', 'LIMIT', 0, MEMBERS_A_PAGE];
}

export function pageOf(from: From, replies: readonly unknown[]): Page {
  const page = new Map<Tag, Member[]>();
  const next = new Map<Tag, number>();
  [...from].forEach(([tag, score], i) => {
    const members = parseMembers(replies[i]);
    const last = members.at(-1);
    if (last === undefined) return;
    page.set(tag, members);
    // Scores are unique within a set but for a rare pair, so a full page always moves on.
    if (members.length === MEMBERS_A_PAGE) next.set(tag, last.score > score ? last.score : last.score + 1);
  });
  return { page, next };
}

function parseMembers(reply: unknown): Member[] {
  const flat = listOf(reply) as string[];
  const members: Member[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) members.push({ key: flat[i] as CacheKey, score: Number(flat[i + 1]) });
  return members;
}
