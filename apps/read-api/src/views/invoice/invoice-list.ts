import { type SourceRow } from '@freshet/cache-engine';
import { fillLinks } from '../../links.js';
import { renderPage } from '../../paging.js';
import { type View } from '../../view.js';
import { text } from '../shapes/columns.js';
import { invoiceRowColumns, invoiceRowShape } from '../shapes/invoice.js';
import { invoicePage, invoicePageParams, invoicePageSpecimens, type InvoicePage } from '../shapes/invoice-page.js';
import { type PageOf } from '../shapes/page-of.js';
import { lineFiguresOf, partiesOf, type Related } from '../shapes/related.js';

interface Data extends PageOf {
  readonly related: Related;
  readonly figures: ReadonlyMap<string, SourceRow>;
}

export const invoiceList: View<InvoicePage, Data> = {
  name: 'invoice.list',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem', 'Customer', 'Business'],
  specimens: invoicePageSpecimens,
  params: invoicePageParams,

  async load(params, query) {
    const page = await invoicePage(params, invoiceRowColumns, query);
    const ids = page.rows.map((row) => text(row, 'id'));
    const [related, figures] = await Promise.all([partiesOf(page.rows, query), lineFiguresOf(ids, query)]);
    return { ...page, related, figures };
  },

  render: ({ count, window, rows, related, figures }) =>
    renderPage(
      count,
      window,
      rows.map((row) => invoiceRowShape(row, related.parties(row), figures.get(text(row, 'id')))),
    ),
  finish: fillLinks,
};
