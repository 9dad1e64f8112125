import { type SourceRow } from '@freshet/cache-engine';
import { fillLinks } from '../../links.js';
import { type View } from '../../view.js';
import { found, missing } from '../shapes/answer.js';
import { text } from '../shapes/columns.js';
import { invoiceColumns, invoiceShape, type Parties } from '../shapes/invoice.js';
import { mediaUrl } from '../shapes/media-url.js';
import { oneInvoice, oneInvoiceParams, oneInvoiceSpecimens, type OneInvoice } from '../shapes/one-invoice.js';
import { linesOf, partiesOf } from '../shapes/related.js';

type Data = { readonly row: SourceRow; readonly parties: Parties; readonly lines: readonly SourceRow[] } | undefined;

export const invoiceGet: View<OneInvoice, Data> = {
  name: 'invoice.get',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem', 'Customer', 'Business'],
  specimens: oneInvoiceSpecimens,
  params: oneInvoiceParams,

  async load(params, query) {
    const row = await oneInvoice('invoice.get.row', invoiceColumns, { params, query });
    if (row === undefined) return undefined;
    const id = text(row, 'id');
    const [related, lines] = await Promise.all([partiesOf([row], query), linesOf([id], query)]);
    return { row, parties: related.parties(row), lines: lines.get(id) ?? [] };
  },

  render: (data) =>
    data === undefined
      ? missing('Invoice')
      : found(invoiceShape(data.row, data.parties, { lines: data.lines, url: mediaUrl })),
  finish: fillLinks,
};
