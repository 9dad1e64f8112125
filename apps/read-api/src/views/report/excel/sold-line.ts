import { type SourceRow } from '@freshet/cache-engine';
import { maybeText, text } from '../../shapes/columns.js';
import { type Exact, exact, exactText } from '../exact.js';

/** A line of an invoice, as the workbook shows it. */
export interface SoldLine {
  readonly type: string;
  readonly invoiceNumber: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** The line's own customer, who may differ from the invoice's. */
  readonly party: string;
  readonly gstNumber: string | null;
  readonly product: string;
  readonly hsnCode: string;
  readonly gstRate: string;
  readonly quantity: string;
  readonly rate: string;
  readonly figures: Figures;
}

/** Taxable value, CGST, SGST, IGST, total value. */
export type Figures = readonly [Exact, Exact, Exact, Exact, Exact];

export const NO_FIGURES: Figures = [0n, 0n, 0n, 0n, 0n];

export function soldLineOf(row: SourceRow): SoldLine {
  const unit = text(row, 'unit');
  return {
    type: text(row, 'type_of_invoice'),
    invoiceNumber: text(row, 'invoice_number'),
    date: text(row, 'invoice_date'),
    party: text(row, 'customer_name'),
    gstNumber: maybeText(row, 'gst_number'),
    product: text(row, 'product_name'),
    hsnCode: text(row, 'hsn_code'),
    gstRate: `${exactText(exact(text(row, 'gst_tax_rate')) * 100n).slice(0, -2)}%`,
    quantity: `${text(row, 'quantity')} ${unit}`,
    rate: `${text(row, 'rate')} / ${unit}`,
    figures: [
      exact(text(row, 'taxable')),
      exact(text(row, 'cgst')),
      exact(text(row, 'sgst')),
      exact(text(row, 'igst')),
      exact(text(row, 'amount')),
    ],
  };
}

export function plus(a: Figures, b: Figures): Figures {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]];
}

export function minus(a: Figures, b: Figures): Figures {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3], a[4] - b[4]];
}
