import { type SourceRow } from '@freshet/cache-engine';
import { text } from '../../shapes/columns.js';
import { type Exact, exact, sum, times } from '../exact.js';
import { sumTax, type Tax, taxOf } from '../tax.js';
import { type Party } from './party.js';
import { type BillParts } from './read-bills.js';

/** An invoice with all that a return needs of it. */
export interface Bill {
  readonly number: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly total: Exact;
  readonly business: Party;
  readonly customer: Party;
  /** By id. */
  readonly lines: readonly BillLine[];
}

export interface BillLine {
  readonly id: number;
  readonly hsnCode: string;
  /** As stored: a fraction, or in old rows a percent. */
  readonly rate: string;
  readonly quantity: Exact;
  readonly taxable: Exact;
  readonly tax: Tax;
}

/** What a return adds up. */
export interface Amounts {
  readonly taxable: Exact;
  readonly tax: Tax;
}

/**
 * @param row of `id`, `invoice_number`, `invoice_date`, `total_amount`, `business_id`, `customer_id`
 * @param lineOf makes a line of its row
 */
export function billOf<L extends BillLine>(
  row: SourceRow,
  parts: BillParts,
  lineOf: (line: SourceRow) => L,
): Bill & { readonly lines: readonly L[] } {
  return {
    number: text(row, 'invoice_number'),
    date: text(row, 'invoice_date'),
    total: exact(text(row, 'total_amount')),
    business: parts.business(row),
    customer: parts.customer(row),
    lines: parts.lines(row).map(lineOf),
  };
}

/** @param row of `id`, `hsn_code`, `gst_tax_rate`, `quantity`, `rate` and the taxes */
export function billLineOf(row: SourceRow): BillLine {
  const quantity = exact(text(row, 'quantity'));
  return {
    id: Number(text(row, 'id')),
    hsnCode: text(row, 'hsn_code'),
    rate: text(row, 'gst_tax_rate'),
    quantity,
    taxable: times(quantity, exact(text(row, 'rate'))),
    tax: taxOf(row),
  };
}

export function amountsOf(lines: readonly Amounts[]): Amounts {
  return { taxable: sum(lines.map((line) => line.taxable)), tax: sumTax(lines.map((line) => line.tax)) };
}

/** `02-05-2024` */
export function dayFirst(date: string): string {
  return date.split('-').reverse().join('-');
}
