import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { contains } from '../../search.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found } from '../shapes/answer.js';
import { grouped, text } from '../shapes/columns.js';
import { customerColumns, customerShape } from '../shapes/customer.js';
import { TOO_SHORT, typedText } from './typed-text.js';

type CustomerSearch = { readonly customer_name: string };

interface Data {
  readonly rows: readonly SourceRow[];
  /** By customer id. */
  readonly links: ReadonlyMap<string, readonly SourceRow[]>;
}

const NOBODY: Data = { rows: [], links: new Map() };

export const customerNameSearch: View<CustomerSearch, Data> = {
  name: 'customer.search',
  shapeVersion: 1,
  models: ['Customer'],
  specimens: [{ customer_name: 'an' }],
  params: (request) => ({ customer_name: typedText(request, 'customer_name') ?? TOO_SHORT }),

  async load({ customer_name }, query) {
    if (customer_name === TOO_SHORT) return NOBODY;
    const rows = await query(
      statement(
        'customer.search.rows',
        sql`SELECT ${customerColumns} FROM billing_customer c
            WHERE UPPER(c.name) LIKE UPPER(${contains(customer_name)}) ORDER BY c.id LIMIT 10`,
      ),
    );
    if (rows.length === 0) return NOBODY;
    const ids = rows.map((row) => text(row, 'id'));
    const links = await query(
      statement(
        'customer.search.links',
        sql`SELECT customer_id, business_id FROM billing_customer_businesses WHERE customer_id = ANY(${ids}) ORDER BY id`,
      ),
    );
    return { rows, links: grouped(links, 'customer_id') };
  },

  render: ({ rows, links }) => found(rows.map((row) => customerShape(row, links.get(text(row, 'id')) ?? []))),
};
