import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { number, text, time } from './columns.js';

/** The columns of `lineShape`, of billing_lineitem AS l. */
export const lineColumns = sql`
  l.id, l.created_at, l.updated_at, l.workspace_id, l.product_name, l.hsn_code, l.gst_tax_rate, l.quantity, l.rate,
  l.cgst, l.sgst, l.igst, l.amount, l.unit, l.customer_id, l.invoice_id`;

export function lineShape(row: SourceRow) {
  return {
    id: number(row, 'id'),
    item_name: text(row, 'product_name'),
    created_at: time(row, 'created_at'),
    updated_at: time(row, 'updated_at'),
    workspace_id: number(row, 'workspace_id'),
    product_name: text(row, 'product_name'),
    hsn_code: text(row, 'hsn_code'),
    gst_tax_rate: text(row, 'gst_tax_rate'),
    quantity: text(row, 'quantity'),
    rate: text(row, 'rate'),
    cgst: text(row, 'cgst'),
    sgst: text(row, 'sgst'),
    igst: text(row, 'igst'),
    amount: text(row, 'amount'),
    unit: text(row, 'unit'),
    customer: number(row, 'customer_id'),
    invoice: number(row, 'invoice_id'),
  };
}
