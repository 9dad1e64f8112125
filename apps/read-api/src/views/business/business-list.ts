import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { fillLinks } from '../../links.js';
import { orderBy, ordering } from '../../ordering.js';
import { paging, renderPage, type PageWindow, type Paging } from '../../paging.js';
import { date, searchText } from '../../parameters.js';
import { type View } from '../../view.js';
import { businessColumns, businessSearch, businessShape } from '../shapes/business.js';
import { number, text } from '../shapes/columns.js';
import { given, where } from '../shapes/conditions.js';
import { pageOf, type PageOf, type PageSql } from '../shapes/page-of.js';
import { signatureOf, type ReadMedia } from '../shapes/signature.js';
import { customerCounts, figuresShape, invoiceFigures, type Dates } from './business-figures.js';

/** The dates limit the figures, never the rows. */
type BusinessList = Paging & Dates & { readonly search: string | undefined; readonly ordering: string | undefined };

interface Data extends PageOf {
  readonly counts: ReadonlyMap<string, SourceRow>;
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
    const page = await pageOf('business.list', params, { texts: pageSql(params), query });
    const ids = page.rows.map((row) => text(row, 'id'));
    const [counts, figures] = await Promise.all([customerCounts(ids, query), invoiceFigures(ids, params, query)]);
    const signatures = new Map<string, string | null>();
    for (const row of page.rows) signatures.set(text(row, 'id'), await signatureOf(row, readMedia));
    return { ...page, counts, figures, signatures };
  },

  render: ({ count, window, rows, counts, figures, signatures }) =>
    renderPage(
      count,
      window,
      rows.map((row) => {
        const id = text(row, 'id');
        const counted = counts.get(id);
        const customerCount = counted === undefined ? 0 : number(counted, 'customer_count');
        const signature = signatures.get(id) ?? null;
        return { ...businessShape(row, { customerCount, signature }), ...figuresShape(figures.get(id)) };
      }),
    ),
  finish: fillLinks,
});

function pageSql({ search, ordering }: BusinessList): PageSql {
  const matching = where(given(search, businessSearch));
  const sorting = ordering === undefined ? sql`b.name, b.id DESC` : orderBy(ordering, COLUMNS, 'b.id');
  return {
    count: sql`SELECT count(*) AS count FROM billing_business b ${matching}`,
    ids: ({ size, offset }: PageWindow) =>
      sql`SELECT b.id FROM billing_business b ${matching} ORDER BY ${sorting} LIMIT ${size} OFFSET ${offset}`,
    rows: (ids) => sql`SELECT ${businessColumns} FROM billing_business b WHERE b.id = ANY(${ids})`,
  };
}
