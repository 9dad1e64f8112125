import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { text } from '../../shapes/columns.js';
import { type Exact } from '../exact.js';
import { type Bill, type BillLine, billLineOf } from '../gstr/bill.js';
import { exactRatePercent } from '../rate-percent.js';

export interface PortalLine extends BillLine {
  readonly productName: string;
  readonly unit: string;
  readonly percent: Exact;
}

export interface PortalBill extends Bill {
  readonly lines: readonly PortalLine[];
}

/** The columns of `portalLineOf`, of billing_lineitem AS l. */
export const portalLineColumns = sql`
  l.id, l.product_name, l.hsn_code, l.gst_tax_rate, l.quantity, l.rate, l.cgst, l.sgst, l.igst, l.unit`;

export function portalLineOf(row: SourceRow): PortalLine {
  const line = billLineOf(row);
  return {
    ...line,
    productName: text(row, 'product_name'),
    unit: text(row, 'unit'),
    percent: exactRatePercent(line.rate),
  };
}
