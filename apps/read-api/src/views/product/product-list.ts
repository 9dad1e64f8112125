import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { fillLinks } from '../../links.js';
import { orderBy, ordering } from '../../ordering.js';
import { paging, renderPage, type PageWindow, type Paging } from '../../paging.js';
import { date, searchText } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { grouped, text } from '../shapes/columns.js';
import { given, where } from '../shapes/conditions.js';
import { between } from '../shapes/dates.js';
import { pageOf, type PageOf } from '../shapes/page-of.js';
import { productColumns, productSearch, productShape } from './product.js';
import { usageFigures } from './usage-figures.js';

type ProductList = Readonly<Paging> & {
  readonly search?: string | undefined;
  readonly ordering?: string | undefined;
  /** The dates limit the figures, not the products. */
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
};

interface Data extends PageOf {
  /** By lower-cased product name: two products that differ only in case show the same figures. */
  readonly figures: ReadonlyMap<string, readonly SourceRow[]>;
}

const SORTABLE = { name: 'p.name', hsn_code: 'p.hsn_code', gst_tax_rate: 'p.gst_tax_rate' };
const FIRST_PAGE = { page: 1, pageSize: 15 };

export const productList: View<ProductList, Data> = {
  name: 'product.list',
  shapeVersion: 1,
  models: ['Product', 'LineItem', 'Invoice'],
  specimens: [
    FIRST_PAGE,
    { ...FIRST_PAGE, search: 'a', start_date: '2024-04-01', end_date: '2025-03-31' },
    { ...FIRST_PAGE, ordering: 'name,-hsn_code,gst_tax_rate' },
  ],

  // No `business_id`: front ends send it, and the figures have always been those of all businesses.
  params: (request) => ({
    ...paging(request),
    search: searchText(request),
    ordering: ordering(request, Object.keys(SORTABLE)),
    start_date: date(request, 'start_date'),
    end_date: date(request, 'end_date'),
  }),

  async load(params, query) {
    const matching = where(given(params.search, productSearch));
    const order = params.ordering === undefined ? sql`p.name, p.id DESC` : orderBy(params.ordering, SORTABLE, 'p.id');
    const texts = {
      count: sql`SELECT count(*) AS count FROM billing_product p ${matching}`,
      ids: ({ size, offset }: PageWindow) =>
        sql`SELECT p.id FROM billing_product p ${matching} ORDER BY ${order} LIMIT ${size} OFFSET ${offset}`,
      // The database folds the names, as it folds those of the lines: JavaScript's lower case differs outside ASCII.
      rows: (ids: readonly string[]) =>
        sql`SELECT ${productColumns}, lower(p.name) AS folded_name FROM billing_product p WHERE p.id = ANY(${ids})`,
    };
    const page = await pageOf('product.list', params, { texts, query });
    if (page.rows.length === 0) return { ...page, figures: new Map() };

    const names = [...new Set(page.rows.map((row) => text(row, 'folded_name')))];
    // Coarse in billing_invoice: lines carry neither date nor type, so a change of an invoice's type, or of its date if dates are
    // given, may matter on every page. Naming the invoices instead would name nearly all of them.
    const figures = await query(
      statement(
        'product.list.figures',
        sql`SELECT lower(l.product_name) AS folded_name, i.type_of_invoice,
              sum(l.amount) AS amount, sum(l.quantity) AS quantity, count(*) AS lines
            FROM billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id
            ${where(
              sql`lower(l.product_name) = ANY(${names})`,
              ...between('i.invoice_date', params.start_date, params.end_date),
            )}
            GROUP BY lower(l.product_name), i.type_of_invoice`,
      ),
    );
    return { ...page, figures: grouped(figures, 'folded_name') };
  },

  render: ({ count, window, rows, figures }) =>
    renderPage(
      count,
      window,
      rows.map((row) => ({ ...productShape(row), ...usageFigures(figures.get(text(row, 'folded_name')) ?? []) })),
    ),
  finish: fillLinks,
};
