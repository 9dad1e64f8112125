import { exactNumber, sum } from '../exact.js';
import { type Group, groupBy } from '../gstr/groups.js';
import { type Slab, sumShape } from './slabs.js';

/**
 * Codes, the largest taxable value first, all types of invoices together.
 * @param slabs in the database's order of codes, which decides between equal values
 */
export function hsnSummary(slabs: readonly Slab[]) {
  return [...groupBy(slabs, (slab) => slab.hsnCode)]
    .map(([code, same]) => ({ code, same, taxable: sum(same.map((slab) => slab.taxable)) }))
    .sort((a, b) => (a.taxable > b.taxable ? -1 : a.taxable < b.taxable ? 1 : 0))
    .map(({ code, same }) => hsnShape(code, same));
}

function hsnShape(code: string, slabs: Group<Slab>) {
  return {
    hsn_code: code || 'N/A',
    ...sumShape(slabs),
    qty: exactNumber(sum(slabs.map((slab) => slab.quantity))),
    count: slabs.reduce((count, slab) => count + slab.lines, 0),
  };
}
