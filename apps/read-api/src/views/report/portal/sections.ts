import { type Exact, exactNumber, sum } from '../exact.js';
import { amountsOf, dayFirst } from '../gstr/bill.js';
import { groupBy } from '../gstr/groups.js';
import { type RateSum, type SupplyOf } from './supply.js';
import { rounded, roundedNumber } from './two-digits.js';

// Each section is its rows, and the sum of the taxable values they show.

export function b2b(supplies: readonly SupplyOf<'b2b'>[]) {
  const rows = [...groupBy(supplies, ({ ctin }) => ctin)].map(([ctin, same]) => ({
    ctin,
    inv: same.map((supply) => ({
      ...heading(supply),
      pos: supply.pos,
      rchrg: 'N',
      inv_typ: 'R',
      itms: items(supply, ({ tax }) => ({ camt: roundedNumber(tax.cgst), samt: roundedNumber(tax.sgst) })),
    })),
  }));
  return { rows, taxable: taxableShown(supplies) };
}

export function b2cl(supplies: readonly SupplyOf<'b2cl'>[]) {
  const rows = [...groupBy(supplies, ({ pos }) => pos)].map(([pos, same]) => ({
    pos,
    inv: same.map((supply) => ({ ...heading(supply), itms: items(supply, () => ({})) })),
  }));
  return { rows, taxable: taxableShown(supplies) };
}

/** Sums over bills, rounded at the end. */
export function b2cs(supplies: readonly SupplyOf<'b2cs'>[]) {
  const sums = supplies.flatMap(({ type, pos, rates }) => rates.map((rate) => ({ ...rate, type, pos })));
  const groups = [...groupBy(sums, ({ type, pos, percent }) => `${type} ${pos} ${percent}`).values()];
  const totals = groups.map((same) => ({ ...same[0], ...amountsOf(same) }));
  const rows = totals.map(({ type, pos, percent, taxable, tax }) => ({
    sply_ty: type,
    pos,
    typ: 'OE',
    rt: exactNumber(percent),
    txval: roundedNumber(taxable),
    ...(type === 'INTER'
      ? { iamt: roundedNumber(tax.igst) }
      : { camt: roundedNumber(tax.cgst), samt: roundedNumber(tax.sgst) }),
    csamt: 0,
  }));
  return { rows, taxable: sum(totals.map(({ taxable }) => rounded(taxable))) };
}

type Listed = SupplyOf<'b2b'> | SupplyOf<'b2cl'>;

function heading({ bill }: Listed) {
  return { inum: bill.number, idt: dayFirst(bill.date), val: roundedNumber(bill.total) };
}

/** One item for each rate, the lowest first. */
function items<Heads extends object>({ rates }: Listed, heads: (rate: RateSum) => Heads) {
  return [...rates].sort(byPercent).map((rate, index) => ({
    num: index + 1,
    itm_det: {
      txval: roundedNumber(rate.taxable),
      rt: exactNumber(rate.percent),
      ...heads(rate),
      iamt: roundedNumber(rate.tax.igst),
      csamt: 0,
    },
  }));
}

function byPercent(a: RateSum, b: RateSum): number {
  return a.percent < b.percent ? -1 : a.percent > b.percent ? 1 : 0;
}

function taxableShown(supplies: readonly Listed[]): Exact {
  return sum(supplies.flatMap(({ rates }) => rates.map(({ taxable }) => rounded(taxable))));
}
