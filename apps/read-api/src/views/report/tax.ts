import { type SourceRow } from '@freshet/cache-engine';
import { type Exact, exact, exactNumber } from './exact.js';

/** The three taxes of lines, exact. */
export interface Tax {
  readonly cgst: Exact;
  readonly sgst: Exact;
  readonly igst: Exact;
}

export const NO_TAX: Tax = { cgst: 0n, sgst: 0n, igst: 0n };

/** The tax columns of a row: a line, or sums over lines. */
export function taxOf(row: SourceRow): Tax {
  return { cgst: exact(row['cgst']), sgst: exact(row['sgst']), igst: exact(row['igst']) };
}

export function sumTax(taxes: readonly Tax[]): Tax {
  return taxes.reduce((a, b) => ({ cgst: a.cgst + b.cgst, sgst: a.sgst + b.sgst, igst: a.igst + b.igst }), NO_TAX);
}

export function lessTax(a: Tax, b: Tax): Tax {
  return { cgst: a.cgst - b.cgst, sgst: a.sgst - b.sgst, igst: a.igst - b.igst };
}

export function wholeTax({ cgst, sgst, igst }: Tax): Exact {
  return cgst + sgst + igst;
}

export function taxShape({ cgst, sgst, igst }: Tax) {
  return { cgst: exactNumber(cgst), sgst: exactNumber(sgst), igst: exactNumber(igst) };
}
