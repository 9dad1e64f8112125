import { type Query } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { fillLinks } from '../../links.js';
import { paging, renderPage, type PageWindow, type Paging } from '../../paging.js';
import { pathId, wholeNumber } from '../../parameters.js';
import { type View } from '../../view.js';
import { given, where } from '../shapes/conditions.js';
import { lineColumns, lineShape } from '../shapes/line.js';
import { pageOf, type PageOf } from '../shapes/page-of.js';

type LineItemList = Paging & { readonly invoice_id: string | undefined };

export const lineItemList: View<LineItemList, PageOf> = {
  name: 'lineitem.list',
  shapeVersion: 1,
  models: ['LineItem'],
  specimens: [
    { page: 1, pageSize: 15, invoice_id: undefined },
    { page: 1, pageSize: 15, invoice_id: '1' },
  ],
  params: (request) => ({ ...paging(request), invoice_id: wholeNumber(request, 'invoice_id') }),
  load: (params, query) => linePage('lineitem.list', params, query),
  render: renderLines,
  finish: fillLinks,
};

/** The lines of one invoice. One that does not exist has an empty page, like one without lines. */
export const lineItemsByInvoice: View<LineItemList, PageOf> = {
  name: 'lineitem.by_invoice',
  shapeVersion: 1,
  models: ['LineItem'],
  specimens: [{ page: 1, pageSize: 15, invoice_id: '1' }],
  params: (request) => ({ ...paging(request), invoice_id: pathId(request) }),
  load: (params, query) => linePage('lineitem.by_invoice', params, query),
  render: renderLines,
  finish: fillLinks,
};

function linePage(name: string, params: LineItemList, query: Query): Promise<PageOf> {
  const matching = where(given(params.invoice_id, (id) => sql`l.invoice_id = ${id}`));
  const texts = {
    count: sql`SELECT count(*) AS count FROM billing_lineitem l ${matching}`,
    ids: ({ size, offset }: PageWindow) =>
      sql`SELECT l.id FROM billing_lineitem l ${matching} ORDER BY l.id LIMIT ${size} OFFSET ${offset}`,
    rows: (ids: readonly string[]) => sql`SELECT ${lineColumns} FROM billing_lineitem l WHERE l.id = ANY(${ids})`,
  };
  return pageOf(name, params, { texts, query });
}

function renderLines({ count, window, rows }: PageOf) {
  return renderPage(count, window, rows.map(lineShape));
}
