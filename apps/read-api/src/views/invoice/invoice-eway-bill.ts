import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { type View } from '../../view.js';
import { found, missing } from '../shapes/answer.js';
import { maybeNumber, number, text } from '../shapes/columns.js';
import { oneInvoice, oneInvoiceParams, oneInvoiceSpecimens, type OneInvoice } from '../shapes/one-invoice.js';

/** Goods worth more need an e-way bill, in rupees. */
const EWAY_LIMIT = 50_000;

const columns = sql`
  i.id, i.invoice_number, i.total_amount, i.eway_bill_number, i.transporter_name, i.transporter_gstin, i.vehicle_number, i.vehicle_type,
  i.transport_mode, i.distance_km`;

export const invoiceEwayBill: View<OneInvoice, SourceRow | undefined> = {
  name: 'invoice.eway_bill',
  shapeVersion: 1,
  models: ['Invoice'],
  specimens: oneInvoiceSpecimens,
  params: oneInvoiceParams,
  load: (params, query) => oneInvoice('invoice.eway_bill.row', columns, { params, query }),
  render: (row) => (row === undefined ? missing('Invoice') : found(ewayShape(row))),
};

function ewayShape(row: SourceRow) {
  return {
    invoice_id: number(row, 'id'),
    invoice_number: text(row, 'invoice_number'),
    total_amount: number(row, 'total_amount'),
    eway_bill_number: text(row, 'eway_bill_number'),
    transporter_name: text(row, 'transporter_name'),
    transporter_gstin: text(row, 'transporter_gstin'),
    vehicle_number: text(row, 'vehicle_number'),
    vehicle_type: text(row, 'vehicle_type'),
    transport_mode: text(row, 'transport_mode'),
    distance_km: maybeNumber(row, 'distance_km'),
    requires_eway: number(row, 'total_amount') > EWAY_LIMIT,
  };
}
