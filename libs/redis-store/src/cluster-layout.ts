const ALL_SLOTS = 16_384;

export interface Layout {
  /** Equal texts: no slot has changed hands in between. */
  readonly text: string;
  /** Each slot is here exactly once, and no key is on its way. */
  readonly settled: boolean;
}

/**
 * Who owns what, as each master says of itself in `CLUSTER NODES`. A slot that goes from one to another and back raises the number that
 * stands in front of the slots of one of them, its config epoch.
 */
export function parseLayout(texts: readonly string[]): Layout {
  const own = texts.map((text) => text.split('\n').find((line) => /^\S+ \S+ \S*myself/.test(line)) ?? '');
  const parts = own.map((line) => line.trim().split(' '));
  const slots = parts.flatMap((words) => words.slice(8));
  const owned = slots.reduce((sum, range) => sum + width(range), 0);
  const text = parts.map((words) => [words[0], ...words.slice(6, 7), ...words.slice(8)].join(' ')).sort();
  return { text: text.join('\n'), settled: owned === ALL_SLOTS && !slots.some((slot) => slot.startsWith('[')) };
}

/** Of `5`, `0-5460`; nothing for `[93->-id]`, a slot on its way. */
function width(range: string): number {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  return first === undefined ? 0 : Number(last ?? first) - Number(first) + 1;
}
