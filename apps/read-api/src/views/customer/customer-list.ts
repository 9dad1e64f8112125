import { type SourceRow } from '@freshet/cache-engine';
import sql, { raw } from 'sql-template-tag';
import { fillLinks } from '../../links.js';
import { orderBy, ordering } from '../../ordering.js';
import { type Paging, pageWindow, type PageWindow, paging, renderPage } from '../../paging.js';
import { date, searchText, wholeNumber } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { grouped, number, onlyRow, text } from '../shapes/columns.js';
import { given, where } from '../shapes/conditions.js';
import { customerColumns, customerSearch, customerShape, linkedTo } from '../shapes/customer.js';
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

interface Data {
  readonly count: number;
  readonly window: PageWindow | undefined;
  readonly rows: readonly SourceRow[];
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
    const order = params.ordering === undefined ? raw('c.name, c.id DESC') : orderBy(params.ordering, SORTABLE, 'c.id');

    const counted = await query(
      statement('customer.list.count', sql`SELECT count(*) AS count FROM billing_customer c ${matching}`),
    );
    const count = number(onlyRow(counted), 'count');
    const window = pageWindow(params, count);
    if (window === undefined || count === 0) return { count, window, rows: [], links: new Map(), figures: new Map() };

    const rows = await query(
      statement(
        'customer.list.page',
        sql`SELECT ${customerColumns} FROM billing_customer c ${matching}
            ORDER BY ${order} LIMIT ${window.size} OFFSET ${window.offset}`,
      ),
    );
    const ids = rows.map((row) => text(row, 'id'));
    const links = await query(
      statement(
        'customer.list.links',
        sql`SELECT customer_id, business_id FROM billing_customer_businesses WHERE customer_id = ANY(${ids}) ORDER BY id`,
      ),
    );
    const figures = await query(
      statement(
        'customer.list.figures',
        sql`SELECT i.customer_id, i.type_of_invoice, sum(i.total_amount) AS total, count(*) AS invoices FROM billing_invoice i
            ${where(
              sql`i.customer_id = ANY(${ids})`,
              given(params.start_date, (day) => sql`i.invoice_date >= ${day}`),
              given(params.end_date, (day) => sql`i.invoice_date <= ${day}`),
            )}
            GROUP BY i.customer_id, i.type_of_invoice`,
      ),
    );
    return { count, window, rows, links: grouped(links, 'customer_id'), figures: grouped(figures, 'customer_id') };
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
