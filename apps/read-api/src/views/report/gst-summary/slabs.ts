import { type SourceRow } from '@freshet/cache-engine';
import { number, text } from '../../shapes/columns.js';
import { type Exact, exact, exactNumber, sum } from '../exact.js';
import { ratePercent } from '../rate-percent.js';
import { sumTax, type Tax, taxOf, taxShape } from '../tax.js';

/** The lines of one type of invoice, at one stored rate, in one bucket of aging. */
export interface Slab {
  readonly type: string;
  readonly rate: string;
  readonly bucket: string;
  readonly taxable: Exact;
  readonly tax: Tax;
  readonly total: Exact;
  /** An invoice lies in one bucket, so these add up over buckets, though not over rates. */
  readonly invoices: number;
}

/** @param row of `type_of_invoice`, `gst_tax_rate`, `bucket`, `taxable`, the taxes, `total`, `invoices` */
export function slabOf(row: SourceRow): Slab {
  return {
    type: text(row, 'type_of_invoice'),
    rate: text(row, 'gst_tax_rate'),
    bucket: text(row, 'bucket'),
    taxable: exact(text(row, 'taxable')),
    tax: taxOf(row),
    total: exact(text(row, 'total')),
    invoices: number(row, 'invoices'),
  };
}

/** By stored rate, ascending: `0.0300` and `3.0000` stay apart, though both show 3. */
export function rateSlabs(slabs: readonly Slab[], type: string) {
  const byRate = new Map<string, Slab[]>();
  for (const slab of slabs.filter((each) => each.type === type)) {
    byRate.set(slab.rate, [...(byRate.get(slab.rate) ?? []), slab]);
  }
  return [...byRate].sort(([a], [b]) => Number(a) - Number(b)).map(([rate, same]) => slabShape(rate, same));
}

function slabShape(rate: string, slabs: readonly Slab[]) {
  return {
    rate: ratePercent(rate),
    taxable: exactNumber(sum(slabs.map((slab) => slab.taxable))),
    ...taxShape(sumTax(slabs.map((slab) => slab.tax))),
    total: exactNumber(sum(slabs.map((slab) => slab.total))),
    invoice_count: slabs.reduce((count, slab) => count + slab.invoices, 0),
  };
}

export function taxOfType(slabs: readonly Slab[], type: string): Tax {
  return sumTax(slabs.filter((slab) => slab.type === type).map((slab) => slab.tax));
}
