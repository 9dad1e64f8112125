import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { type View } from '../../view.js';
import { roundHalfEven } from '../../values.js';
import { found, missing } from '../shapes/answer.js';
import { maybeText, number } from '../shapes/columns.js';
import { oneInvoice, oneInvoiceParams, oneInvoiceSpecimens, type OneInvoice } from '../shapes/one-invoice.js';
import { lineSums, roundedSum } from '../shapes/summary.js';

export const invoiceSummary: View<OneInvoice, SourceRow | undefined> = {
  name: 'invoice.summary',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem'],
  specimens: oneInvoiceSpecimens,
  params: oneInvoiceParams,

  async load(params, query) {
    const row = await oneInvoice('invoice.summary.row', sql`i.id`, { params, query });
    return row === undefined ? undefined : lineSums(params.id, query);
  },

  render: (sums) => (sums === undefined ? missing('Invoice') : found(summaryShape(sums))),
};

function summaryShape(sums: SourceRow) {
  const { rupees, roundOff } = roundedSum(sums);
  return {
    total_items: number(sums, 'total_items'),
    amount_without_tax: twoDigits(sums, 'amount_without_tax'),
    total_cgst_tax: twoDigits(sums, 'total_cgst_tax'),
    total_sgst_tax: twoDigits(sums, 'total_sgst_tax'),
    total_igst_tax: twoDigits(sums, 'total_igst_tax'),
    total_tax: twoDigits(sums, 'total_tax'),
    round_off: roundOff,
    total_amount: `${rupees}.00`,
  };
}

function twoDigits(sums: SourceRow, column: string): string | null {
  const sum = maybeText(sums, column);
  return sum === null ? null : roundHalfEven(sum, 2);
}
