import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql, { type Sql } from 'sql-template-tag';
import { fillLinks } from '../../links.js';
import { paging, renderPage, type PageWindow, type Paging } from '../../paging.js';
import { date, text as textParameter, wholeNumber } from '../../parameters.js';
import { contains } from '../../search.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { text } from '../shapes/columns.js';
import { given, where } from '../shapes/conditions.js';
import { between } from '../shapes/dates.js';
import { pageOf, type PageOf } from '../shapes/page-of.js';
import { partiesOf, type Related } from '../shapes/related.js';
import { billColumns, billShape, taxesOf } from './bill.js';

type InwardList = Paging & {
  readonly business: string | undefined;
  readonly date_from: string | undefined;
  readonly date_to: string | undefined;
  readonly q: string | undefined;
};
interface Data extends PageOf {
  readonly related: Related;
  readonly taxes: ReadonlyMap<string, SourceRow>;
}

const PLAIN = { page: 1, pageSize: 15, business: undefined, date_from: undefined, date_to: undefined, q: undefined };

export const inwardList: View<InwardList, Data> = {
  name: 'inward.list',
  shapeVersion: 1,
  models: ['Invoice', 'LineItem', 'Customer', 'Business'],
  specimens: [PLAIN, { ...PLAIN, business: '1', date_from: '2024-04-01', date_to: '2025-03-31', q: 'a' }],

  params: (request) => ({
    ...paging(request, { largest: 500, limit: false }),
    business: wholeNumber(request, 'business'),
    date_from: date(request, 'date_from'),
    date_to: date(request, 'date_to'),
    q: textParameter(request, 'q'),
  }),

  async load(params, query) {
    const matching = where(
      sql`i.type_of_invoice = 'inward'`,
      given(params.business, (id) => sql`i.business_id = ${id}`),
      ...between('i.invoice_date', params.date_from, params.date_to),
      params.q === undefined ? undefined : await searchCondition(params.q, query),
    );
    const texts = {
      count: sql`SELECT count(*) AS count FROM billing_invoice i ${matching}`,
      ids: ({ size, offset }: PageWindow) =>
        sql`SELECT i.id FROM billing_invoice i ${matching} ORDER BY i.invoice_date DESC, i.id DESC LIMIT ${size} OFFSET ${offset}`,
      rows: (ids: readonly string[]) => sql`SELECT ${billColumns} FROM billing_invoice i WHERE i.id = ANY(${ids})`,
    };
    const page = await pageOf('inward.list', params, { texts, query });
    const ids = page.rows.map((row) => text(row, 'id'));
    const [related, taxes] = await Promise.all([partiesOf(page.rows, query), taxesOf(ids, query)]);
    return { ...page, related, taxes };
  },

  render: ({ count, window, rows, related, taxes }) =>
    renderPage(
      count,
      window,
      rows.map((row) => billShape(row, related.parties(row), taxes.get(text(row, 'id')))),
    ),
  finish: fillLinks,
};

/** The suppliers are looked up first and not joined: so only one whose name or number matches, before or after, can matter. */
async function searchCondition(q: string, query: Query): Promise<Sql> {
  const pattern = contains(q);
  const suppliers = await query(
    statement(
      'inward.list.suppliers',
      sql`SELECT id FROM billing_customer
          WHERE UPPER(name) LIKE UPPER(${pattern}) OR UPPER(gst_number) LIKE UPPER(${pattern}) ORDER BY id`,
    ),
  );
  const ids = suppliers.map((row) => text(row, 'id'));
  return sql`(UPPER(i.invoice_number) LIKE UPPER(${pattern}) OR i.customer_id = ANY(${ids}))`;
}
