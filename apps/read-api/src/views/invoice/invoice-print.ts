import { type SourceRow } from '@freshet/cache-engine';
import { type View } from '../../view.js';
import { amountInWords } from '../shapes/amount-in-words.js';
import { found, missing } from '../shapes/answer.js';
import { maybeNumber, number, text } from '../shapes/columns.js';
import { invoiceColumns, invoiceShape, type Parties } from '../shapes/invoice.js';
import { mediaPath } from '../shapes/media-url.js';
import { oneInvoice, oneInvoiceParams, oneInvoiceSpecimens, type OneInvoice } from '../shapes/one-invoice.js';
import { linesOf, partiesOf } from '../shapes/related.js';
import { lineSums, roundedSum } from '../shapes/summary.js';

interface Print {
  readonly row: SourceRow;
  readonly parties: Parties;
  readonly lines: readonly SourceRow[];
  readonly sums: SourceRow;
}

/** Unlike the original's, this one leaves no trace in the audit log. */
export const invoicePrint: View<OneInvoice, Print | undefined> = {
  name: 'invoice.print',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem', 'Customer', 'Business'],
  specimens: oneInvoiceSpecimens,
  params: oneInvoiceParams,

  async load(params, query) {
    const row = await oneInvoice('invoice.print.row', invoiceColumns, { params, query });
    if (row === undefined) return undefined;
    const id = text(row, 'id');
    const [related, lines, sums] = await Promise.all([
      partiesOf([row], query),
      linesOf([id], query),
      lineSums(id, query),
    ]);
    return { row, parties: related.parties(row), lines: lines.get(id) ?? [], sums };
  },

  render: (data) => (data === undefined ? missing('Invoice') : found(printShape(data))),
};

function printShape({ row, parties, lines, sums }: Print) {
  const { rupees, roundOff } = roundedSum(sums);
  // The files are given as paths here, not as addresses.
  const invoice = invoiceShape(row, parties, { lines, url: mediaPath });
  return {
    invoice,
    line_items: invoice.line_items,
    amount_in_words: amountInWords(rupees),
    total_amount: Number(rupees),
    total_cgst_tax: maybeNumber(sums, 'total_cgst_tax'),
    total_sgst_tax: maybeNumber(sums, 'total_sgst_tax'),
    total_igst_tax: maybeNumber(sums, 'total_igst_tax'),
    total_items: number(sums, 'total_items'),
    total_tax: maybeNumber(sums, 'total_tax'),
    amount_without_tax: maybeNumber(sums, 'amount_without_tax'),
    round_off: roundOff,
  };
}
