import { type Query, type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { text as textParameter, wholeNumber } from '../../parameters.js';
import { contains } from '../../search.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { grouped, maybeText, text } from '../shapes/columns.js';
import { given, where } from '../shapes/conditions.js';
import { linkedTo } from '../shapes/customer.js';
import { csv } from './csv.js';

type CustomerExport = { readonly search?: string | undefined; readonly business_id?: string | undefined };

interface Data {
  readonly rows: readonly SourceRow[];
  /** Names of businesses, by customer id, in the order in which the links were made. */
  readonly businesses: ReadonlyMap<string, readonly SourceRow[]>;
}

const HEADER =
  'Customer Name,Address,GST Number,PAN Number,Mobile Number,State Name,Associated Businesses,Created At,Updated At';

export const customerExport: View<CustomerExport, Data> = {
  name: 'customer.export',
  shapeVersion: 1,
  models: ['Customer', 'Business'],
  contentType: 'text/csv',
  specimens: [{}, { search: 'a', business_id: '1' }],
  params: (request) => ({ search: textParameter(request, 'search'), business_id: wholeNumber(request, 'business_id') }),

  async load(params, query) {
    const rows = await query(
      statement(
        'customer.export.rows',
        sql`SELECT c.id, c.name, c.address, c.gst_number, c.pan_number, c.mobile_number, c.state_name, c.created_at, c.updated_at
            FROM billing_customer c
            ${where(
              given(params.search, (search) => sql`UPPER(c.name) LIKE UPPER(${contains(search)})`),
              given(params.business_id, linkedTo),
            )}
            ORDER BY c.id`,
      ),
    );
    const everyone = params.search === undefined && params.business_id === undefined;
    const links = await linkedBusinesses(everyone ? undefined : rows.map((row) => text(row, 'id')), query);
    return { rows, businesses: grouped(links, 'customer_id') };
  },

  render: ({ rows, businesses }) => ({
    status: 200,
    body: csv([HEADER.split(','), ...rows.map((row) => exported(row, businesses.get(text(row, 'id')) ?? []))]),
  }),
  headers: () => ({ 'content-disposition': 'attachment; filename="customers_export.csv"' }),
};

/**
 * Coarse in billing_business: a new business, which nobody can be linked to yet, may matter too. There are few, and they seldom change.
 * @param customerIds undefined for all customers: then every link matters
 */
function linkedBusinesses(customerIds: readonly string[] | undefined, query: Query): Promise<readonly SourceRow[]> {
  return query(
    statement(
      'customer.export.businesses',
      sql`SELECT m.customer_id, b.name FROM billing_customer_businesses m JOIN billing_business b ON b.id = m.business_id
          ${where(given(customerIds, (ids) => sql`m.customer_id = ANY(${ids})`))} ORDER BY m.id`,
    ),
  );
}

function exported(row: SourceRow, businesses: readonly SourceRow[]): readonly string[] {
  const columns = ['name', 'address', 'gst_number', 'pan_number', 'mobile_number', 'state_name'];
  return [
    ...columns.map((column) => maybeText(row, column) ?? ''),
    businesses.map((business) => text(business, 'name')).join(', '),
    toTheSecond(text(row, 'created_at')),
    toTheSecond(text(row, 'updated_at')),
  ];
}

/** `2024-05-01 10:00:00.1+00` → `2024-05-01 10:00:00`. */
function toTheSecond(time: string): string {
  return time.replace(/(\.\d+)?\+00$/, '');
}
