import type { Footprint, Verdict } from './footprint.js';

/** A footprint in words, a line each. */
export function explain(footprint: Footprint): string[] {
  return footprint.occurrences.map((o) => `${o.table} as ${o.alias}: any row; columns ${o.columns.join(', ')}`);
}

export function explainVerdict(verdict: Verdict): string {
  return `${verdict.matters ? 'deleted' : 'kept'}: ${verdict.because}`;
}
