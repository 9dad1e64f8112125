import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { fillLinks } from '../../links.js';
import { orderBy, ordering } from '../../ordering.js';
import { paging, renderPage, type PageWindow, type Paging } from '../../paging.js';
import { date, searchText } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { businessColumns, businessShape } from '../shapes/business.js';
import { businessSearch } from '../shapes/business-search.js';
import { byColumn, number, text } from '../shapes/columns.js';
import { given, where } from '../shapes/conditions.js';
import { between } from '../shapes/dates.js';
import { pageOf, type PageOf } from '../shapes/page-of.js';
import { signatureOf, type ReadMedia } from '../shapes/signature.js';

type BusinessList = Paging & {
  readonly search: string | undefined;
  readonly ordering: string | undefined;
  /** The dates limit the figures, never the rows. */
  readonly start_date: string | undefined;
  readonly end_date: string | undefined;
};

interface Data extends PageOf {
  readonly links: ReadonlyMap<string, SourceRow>;
  readonly figures: ReadonlyMap<string, SourceRow>;
  readonly signatures: ReadonlyMap<string, string | null>;
}

const COLUMNS = {
  name: 'b.name',
  created_at: 'b.created_at',
  gst_number: 'b.gst_number',
  mobile_number: 'b.mobile_number',
  address: 'b.address',
};
const PLAIN = {
  page: 1,
  pageSize: 15,
  search: undefined,
  ordering: undefined,
  start_date: undefined,
  end_date: undefined,
};

export const businessList = (readMedia: ReadMedia): View<BusinessList, Data> => ({
  name: 'business.list',
  shapeVersion: 1,
  models: ['Business', 'Invoice'],
  specimens: [PLAIN, { ...PLAIN, search: 'a', ordering: '-address', start_date: '2024-04-01', end_date: '2025-03-31' }],

  params: (request) => ({
    ...paging(request),
    search: searchText(request),
    ordering: ordering(request, Object.keys(COLUMNS)),
    start_date: date(request, 'start_date'),
    end_date: date(request, 'end_date'),
  }),

  async load(params, query) {
    const matching = where(given(params.search, businessSearch));
    const sorting = params.ordering === undefined ? sql`b.name, b.id DESC` : orderBy(params.ordering, COLUMNS, 'b.id');
    const texts = {
      count: sql`SELECT count(*) AS count FROM billing_business b ${matching}`,
      ids: ({ size, offset }: PageWindow) =>
        sql`SELECT b.id FROM billing_business b ${matching} ORDER BY ${sorting} LIMIT ${size} OFFSET ${offset}`,
      rows: (ids: readonly string[]) => sql`SELECT ${businessColumns} FROM billing_business b WHERE b.id = ANY(${ids})`,
    };
    const page = await pageOf('business.list', params, { texts, query });
    const ids = page.rows.map((row) => text(row, 'id'));
    if (ids.length === 0) return { ...page, links: new Map(), figures: new Map(), signatures: new Map() };

    const links = await query(
      statement(
        'business.list.links',
        sql`SELECT business_id, count(*) AS customer_count FROM billing_customer_businesses
            WHERE business_id = ANY(${ids}) GROUP BY business_id`,
      ),
    );
    const figures = await query(
      statement(
        'business.list.figures',
        sql`SELECT i.business_id, count(*) AS invoice_count,
              coalesce(sum(i.total_amount) FILTER (WHERE i.type_of_invoice = 'outward'), 0) AS total_revenue,
              coalesce(sum(i.total_amount) FILTER (WHERE i.type_of_invoice <> 'outward'), 0) AS total_purchases
            FROM billing_invoice i ${where(sql`i.business_id = ANY(${ids})`, ...between('i.invoice_date', params.start_date, params.end_date))}
            GROUP BY i.business_id`,
      ),
    );
    const signatures = new Map<string, string | null>();
    for (const row of page.rows) signatures.set(text(row, 'id'), await signatureOf(row, readMedia));
    return { ...page, links: byColumn(links, 'business_id'), figures: byColumn(figures, 'business_id'), signatures };
  },

  render: ({ count, window, rows, links, figures, signatures }) =>
    renderPage(
      count,
      window,
      rows.map((row) => {
        const id = text(row, 'id');
        const link = links.get(id);
        const customerCount = link === undefined ? 0 : number(link, 'customer_count');
        return {
          ...businessShape(row, { customerCount, signature: signatures.get(id) ?? null }),
          ...figuresShape(figures.get(id)),
        };
      }),
    ),
  finish: fillLinks,
});

function figuresShape(row: SourceRow | undefined) {
  if (row === undefined) return { total_revenue: 0, total_purchases: 0, invoice_count: 0 };
  return {
    total_revenue: number(row, 'total_revenue'),
    total_purchases: number(row, 'total_purchases'),
    invoice_count: number(row, 'invoice_count'),
  };
}
