import { type SourceRow } from '@freshet/cache-engine';
import { number, text } from '../../shapes/columns.js';
import { type Exact, exact, exactNumber, sum } from '../exact.js';
import { ratePercent } from '../rate-percent.js';
import { sumTax, type Tax, taxOf, taxShape } from '../tax.js';

/** The lines of one type of invoice, at one stored rate, in one bucket of aging, with one code. */
export interface Slab {
  readonly type: string;
  readonly rate: string;
  readonly bucket: string;
  readonly hsnCode: string;
  readonly taxable: Exact;
  readonly tax: Tax;
  readonly total: Exact;
  readonly quantity: Exact;
  readonly lines: number;
}

/** How many invoices there are of a type with lines at a stored rate. They do not add up over rates. */
export type InvoiceCounts = (type: string, rate: string) => number;

/** @param row of `type_of_invoice`, `gst_tax_rate`, `bucket`, `hsn_code`, `taxable`, the taxes, `total`, `quantity`, `lines` */
export function slabOf(row: SourceRow): Slab {
  return {
    type: text(row, 'type_of_invoice'),
    rate: text(row, 'gst_tax_rate'),
    bucket: text(row, 'bucket'),
    hsnCode: text(row, 'hsn_code'),
    taxable: exact(text(row, 'taxable')),
    tax: taxOf(row),
    total: exact(text(row, 'total')),
    quantity: exact(text(row, 'quantity')),
    lines: number(row, 'lines'),
  };
}

/** @param rows of `type_of_invoice`, `gst_tax_rate`, `invoices` */
export function invoiceCounts(rows: readonly SourceRow[]): InvoiceCounts {
  const counts = new Map(
    rows.map((row) => [`${text(row, 'type_of_invoice')} ${text(row, 'gst_tax_rate')}`, number(row, 'invoices')]),
  );
  return (type, rate) => counts.get(`${type} ${rate}`) ?? 0;
}

/** By stored rate, ascending: `0.0300` and `3.0000` stay apart, though both show 3. */
export function rateSlabs(slabs: readonly Slab[], type: string, counts: InvoiceCounts) {
  const byRate = new Map<string, Slab[]>();
  for (const slab of slabs.filter((each) => each.type === type)) {
    byRate.set(slab.rate, [...(byRate.get(slab.rate) ?? []), slab]);
  }
  return [...byRate]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([rate, same]) => ({ rate: ratePercent(rate), ...sumShape(same), invoice_count: counts(type, rate) }));
}

export function sumShape(slabs: readonly Slab[]) {
  return {
    taxable: exactNumber(sum(slabs.map((slab) => slab.taxable))),
    ...taxShape(sumTax(slabs.map((slab) => slab.tax))),
    total: exactNumber(sum(slabs.map((slab) => slab.total))),
  };
}

export function taxOfType(slabs: readonly Slab[], type: string): Tax {
  return sumTax(slabs.filter((slab) => slab.type === type).map((slab) => slab.tax));
}
