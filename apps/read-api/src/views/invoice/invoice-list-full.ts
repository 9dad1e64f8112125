import { type SourceRow } from '@freshet/cache-engine';
import { fillLinks } from '../../links.js';
import { renderPage } from '../../paging.js';
import { type View } from '../../view.js';
import { text } from '../shapes/columns.js';
import { invoiceColumns, invoiceShape } from '../shapes/invoice.js';
import { invoicePage, invoicePageParams, invoicePageSpecimens, type InvoicePage } from '../shapes/invoice-page.js';
import { type PageOf } from '../shapes/page-of.js';
import { mediaUrl } from '../shapes/media-url.js';
import { linesOf, partiesOf, type Related } from '../shapes/related.js';

interface Data extends PageOf {
  readonly related: Related;
  readonly lines: ReadonlyMap<string, readonly SourceRow[]>;
}

/** The list with everything in it, for exports: up to a thousand invoices with their lines. */
export const invoiceListFull: View<InvoicePage, Data> = {
  name: 'invoice.list_full',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem', 'Customer', 'Business'],
  specimens: invoicePageSpecimens,
  params: invoicePageParams,

  async load(params, query) {
    const page = await invoicePage(params, invoiceColumns, query);
    const ids = page.rows.map((row) => text(row, 'id'));
    const [related, lines] = await Promise.all([partiesOf(page.rows, query), linesOf(ids, query)]);
    return { ...page, related, lines };
  },

  render: ({ count, window, rows, related, lines }) =>
    renderPage(
      count,
      window,
      rows.map((row) =>
        invoiceShape(row, related.parties(row), { lines: lines.get(text(row, 'id')) ?? [], url: mediaUrl }),
      ),
    ),
  finish: fillLinks,
};
