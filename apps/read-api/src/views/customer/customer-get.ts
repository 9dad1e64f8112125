import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { pathId, searchText, wholeNumber } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found, missing } from '../shapes/answer.js';
import { given, where } from '../shapes/conditions.js';
import { customerColumns, customerSearch, customerShape, linkedTo } from '../shapes/customer.js';

type CustomerGet = {
  readonly id: string;
  readonly business_id: string | undefined;
  readonly search: string | undefined;
};
type Data = { readonly row: SourceRow; readonly links: readonly SourceRow[] } | undefined;

export const customerGet: View<CustomerGet, Data> = {
  name: 'customer.get',
  shapeVersion: 1,
  models: ['Customer'],
  specimens: [
    { id: '1', business_id: undefined, search: undefined },
    { id: '1', business_id: '1', search: 'a' },
  ],
  params: (request) => ({
    id: pathId(request),
    business_id: wholeNumber(request, 'business_id'),
    search: searchText(request),
  }),

  async load({ id, business_id, search }, query) {
    const [row] = await query(
      statement(
        'customer.get.row',
        sql`SELECT ${customerColumns} FROM billing_customer c
            ${where(sql`c.id = ${id}`, given(business_id, linkedTo), given(search, customerSearch))}`,
      ),
    );
    if (row === undefined) return undefined;
    const links = await query(
      statement(
        'customer.get.links',
        sql`SELECT business_id FROM billing_customer_businesses WHERE customer_id = ${id} ORDER BY id`,
      ),
    );
    return { row, links };
  },

  render: (data) => (data === undefined ? missing('Customer') : found(customerShape(data.row, data.links))),
};
