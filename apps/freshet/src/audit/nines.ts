/** After how long at most an answer must be right, in milliseconds. */
export const SCALES_MS = [1000, 10_000, 60_000] as const;

/**
 * What became of one audited answer.
 * - right: it was what the database says, or was replaced, after at most `afterMs` (0: at once).
 * - wrong: it was still served, and still not what the database says, after the longest scale.
 */
export type Finding = { readonly kind: 'right'; readonly afterMs: number } | { readonly kind: 'wrong' };

export interface Nines {
  readonly scaleMs: number;
  readonly right: number;
  readonly total: number;
  /** 3 for 99.9 %; infinite when none was wrong. */
  readonly nines: number;
}

/** The share of answers that were right within each scale. */
export function ninesOf(findings: readonly Finding[]): Nines[] {
  const total = findings.length;
  return SCALES_MS.map((scaleMs) => {
    const right = findings.filter((finding) => finding.kind === 'right' && finding.afterMs <= scaleMs).length;
    return {
      scaleMs,
      right,
      total,
      nines: right === total ? Infinity : Math.floor(Math.log10(total / (total - right))),
    };
  });
}
