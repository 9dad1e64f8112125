import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { fillLinks } from '../../links.js';
import { orderBy, ordering } from '../../ordering.js';
import { paging, renderPage, type PageWindow, type Paging } from '../../paging.js';
import { date, searchText, wholeNumber } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { grouped, text } from '../shapes/columns.js';
import { given, where } from '../shapes/conditions.js';
import { customerColumns, customerSearch, customerShape, linkedTo } from '../shapes/customer.js';
import { between } from '../shapes/dates.js';
import { pageOf, type PageOf } from '../shapes/page-of.js';
import { invoiceFigures } from './invoice-figures.js';

type CustomerList = Readonly<Paging> & {
  readonly search?: string | undefined;
  /** Chooses the customers only: their figures count the invoices of all businesses. */
  readonly business_id?: string | undefined;
  readonly ordering?: string | undefined;
  /** The dates limit the figures, not the customers. */
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
};

interface Data extends PageOf {
  /** By customer id. */
  readonly links: ReadonlyMap<string, readonly SourceRow[]>;
  readonly figures: ReadonlyMap<string, readonly SourceRow[]>;
}

const SORTABLE = {
  name: 'c.name',
  gst_number: 'c.gst_number',
  mobile_number: 'c.mobile_number',
  pan_number: 'c.pan_number',
};
const FIRST_PAGE = { page: 1, pageSize: 15 };

export const customerList: View<CustomerList, Data> = {
  name: 'customer.list',
  shapeVersion: 1,
  models: ['Customer', 'Invoice'],
  specimens: [
    FIRST_PAGE,
    { ...FIRST_PAGE, search: 'a', business_id: '1', start_date: '2024-04-01', end_date: '2025-03-31' },
    { ...FIRST_PAGE, ordering: 'name,-gst_number,mobile_number,-pan_number' },
  ],

  params: (request) => ({
    ...paging(request),
    search: searchText(request),
    business_id: wholeNumber(request, 'business_id'),
    ordering: ordering(request, Object.keys(SORTABLE)),
    start_date: date(request, 'start_date'),
    end_date: date(request, 'end_date'),
  }),

  async load(params, query) {
    const matching = where(given(params.search, customerSearch), given(params.business_id, linkedTo));
    const order = params.ordering === undefined ? sql`c.name, c.id DESC` : orderBy(params.ordering, SORTABLE, 'c.id');
    const texts = {
      count: sql`SELECT count(*) AS count FROM billing_customer c ${matching}`,
      ids: ({ size, offset }: PageWindow) =>
        sql`SELECT c.id FROM billing_customer c ${matching} ORDER BY ${order} LIMIT ${size} OFFSET ${offset}`,
      rows: (ids: readonly string[]) => sql`SELECT ${customerColumns} FROM billing_customer c WHERE c.id = ANY(${ids})`,
    };
    const page = await pageOf('customer.list', params, { texts, query });
    const ids = page.rows.map((row) => text(row, 'id'));
    if (ids.length === 0) return { ...page, links: new Map(), figures: new Map() };

    const links = statement(
      'customer.list.links',
      sql`SELECT customer_id, business_id FROM billing_customer_businesses WHERE customer_id = ANY(${ids}) ORDER BY id`,
    );
    const figures = statement(
      'customer.list.figures',
      sql`SELECT i.customer_id, i.type_of_invoice, sum(i.total_amount) AS total, count(*) AS invoices FROM billing_invoice i
          ${where(sql`i.customer_id = ANY(${ids})`, ...between('i.invoice_date', params.start_date, params.end_date))}
          GROUP BY i.customer_id, i.type_of_invoice`,
    );
    const [linked, sums] = await Promise.all([query(links), query(figures)]);
    return { ...page, links: grouped(linked, 'customer_id'), figures: grouped(sums, 'customer_id') };
  },

  render: ({ count, window, rows, links, figures }) =>
    renderPage(
      count,
      window,
      rows.map((row) => {
        const id = text(row, 'id');
        return { ...customerShape(row, links.get(id) ?? []), ...invoiceFigures(figures.get(id) ?? []) };
      }),
    ),
  finish: fillLinks,
};
