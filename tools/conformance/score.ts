import type { Case, Line } from './case.js';

export interface Score {
  readonly pairs: number;
  readonly changed: number;
  readonly misses: readonly string[];
  /** Deleted, though the row images prove that nothing changed. */
  readonly needless: readonly string[];
  /** Deleted and unchanged, but no test on images could have told. */
  readonly open: number;
  /** Statements that must not be cached and were. */
  readonly accepted: readonly string[];
  readonly cacheable: number;
  readonly refused: readonly string[];
}

/** Right deletes among those that were right or needless, in per cent. */
export function precision({ changed, misses, needless }: Score): number {
  const right = changed - misses.length;
  return (100 * right) / Math.max(1, right + needless.length);
}

/** Judges lines against the labels of their cases. */
export function score(cases: readonly Case[], lines: readonly Line[]): Score {
  const byChange = new Map(lines.map((l) => [`${l.id}/${l.change}`, l]));
  const s = {
    pairs: 0,
    changed: 0,
    misses: [] as string[],
    needless: [] as string[],
    open: 0,
    accepted: [] as string[],
    refused: new Set<string>(),
    cacheable: 0,
  };
  for (const c of cases) {
    s.cacheable += c.entries.filter((e) => (e.cacheable ?? true) === true).length;
    for (const [i, change] of c.changes.entries()) {
      const line = byChange.get(`${c.id}/${i}`);
      if (line === undefined) throw new Error(`${c.id}/${i} was not run`);
      for (const e of c.entries) {
        const where = `${c.id}/${i} ${e.id}`;
        const refused = line.refused.includes(e.id);
        if (e.cacheable === false && !refused && i === 0) s.accepted.push(where);
        if (refused && (e.cacheable ?? true) === true) s.refused.add(`${c.id} ${e.id}`);
        if (refused || e.cacheable === false) continue;
        s.pairs += 1;
        const deleted = line.deleted.includes(e.id);
        if (change.expect?.[e.id] === 'changed') {
          s.changed += 1;
          if (!deleted) s.misses.push(where);
        } else if (deleted && change.ideal?.[e.id] === 'keep') s.needless.push(where);
        else if (deleted) s.open += 1;
      }
    }
  }
  return { ...s, refused: [...s.refused] };
}
