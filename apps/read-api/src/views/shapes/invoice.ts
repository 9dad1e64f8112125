import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { roundHalfEven } from '../../values.js';
import { maybeNumber, maybeText, number, text, time } from './columns.js';
import { lineShape } from './line.js';

/** The columns of `invoiceShape`, of billing_invoice AS i. */
export const invoiceColumns = sql`
  i.id, i.created_at, i.updated_at, i.workspace_id, i.customer_id, i.business_id, i.invoice_number, i.total_amount, i.invoice_date,
  i.type_of_invoice, i.eway_bill_number, i.transporter_name, i.transporter_gstin, i.vehicle_number, i.vehicle_type, i.transport_mode,
  i.distance_km, i.source_file, i.source_preview`;

/** The columns of `invoiceRowShape`. */
export const invoiceRowColumns = sql`
  i.id, i.invoice_number, i.invoice_date, i.total_amount, i.type_of_invoice, i.customer_id, i.business_id, i.created_at, i.updated_at`;

/** The two parties of an invoice, with at least `name` and `gst_number`. */
export interface Parties {
  readonly customer: SourceRow;
  readonly business: SourceRow;
}

/** Whether the parties are in different states, by the text of their GST numbers; null where the customer's is unknown. */
export function isIgstApplicable({ customer, business }: Parties): boolean | null {
  const gstNumber = maybeText(customer, 'gst_number');
  if (gstNumber === null) return null;
  return gstNumber !== '' && stateCode(gstNumber) !== stateCode(text(business, 'gst_number'));
}

/** The first two characters, not code units. */
function stateCode(gstNumber: string): string {
  return Array.from(gstNumber.slice(0, 4)).slice(0, 2).join('');
}

/** @param url turns a stored path into the address shown */
export function invoiceShape(
  row: SourceRow,
  parties: Parties,
  { lines, url }: { lines: readonly SourceRow[]; url: (stored: string | null) => string | null },
) {
  return {
    id: number(row, 'id'),
    line_items: lines.map(lineShape),
    customer_name: text(parties.customer, 'name'),
    business_name: text(parties.business, 'name'),
    is_igst_applicable: isIgstApplicable(parties),
    created_at: time(row, 'created_at'),
    updated_at: time(row, 'updated_at'),
    workspace_id: number(row, 'workspace_id'),
    invoice_number: text(row, 'invoice_number'),
    total_amount: text(row, 'total_amount'),
    invoice_date: text(row, 'invoice_date'),
    type_of_invoice: text(row, 'type_of_invoice'),
    eway_bill_number: text(row, 'eway_bill_number'),
    transporter_name: text(row, 'transporter_name'),
    transporter_gstin: text(row, 'transporter_gstin'),
    vehicle_number: text(row, 'vehicle_number'),
    vehicle_type: text(row, 'vehicle_type'),
    transport_mode: text(row, 'transport_mode'),
    distance_km: maybeNumber(row, 'distance_km'),
    source_file: url(maybeText(row, 'source_file')),
    source_preview: url(maybeText(row, 'source_preview')),
    customer: number(row, 'customer_id'),
    business: number(row, 'business_id'),
  };
}

/** @param figures `total_tax` and `line_item_count` of the invoice's lines; undefined without lines */
export function invoiceRowShape(row: SourceRow, parties: Parties, figures: SourceRow | undefined) {
  return {
    id: number(row, 'id'),
    invoice_number: text(row, 'invoice_number'),
    invoice_date: text(row, 'invoice_date'),
    total_amount: text(row, 'total_amount'),
    type_of_invoice: text(row, 'type_of_invoice'),
    customer: number(row, 'customer_id'),
    customer_name: text(parties.customer, 'name'),
    business: number(row, 'business_id'),
    business_name: text(parties.business, 'name'),
    is_igst_applicable: isIgstApplicable(parties),
    total_tax: roundHalfEven(figures === undefined ? '0' : text(figures, 'total_tax'), 2),
    line_item_count: figures === undefined ? 0 : number(figures, 'line_item_count'),
    created_at: time(row, 'created_at'),
    updated_at: time(row, 'updated_at'),
  };
}
