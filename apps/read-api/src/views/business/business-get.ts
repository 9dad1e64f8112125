import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { fillLinks } from '../../links.js';
import { pathId, searchText } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found, missing } from '../shapes/answer.js';
import { businessColumns, businessSearch, businessShape, type BusinessExtras } from '../shapes/business.js';
import { number, onlyRow } from '../shapes/columns.js';
import { given, where } from '../shapes/conditions.js';
import { signatureOf, type ReadMedia } from '../shapes/signature.js';

type BusinessGet = { readonly id: string; readonly search: string | undefined };
type Data = { readonly row: SourceRow; readonly extras: BusinessExtras } | undefined;

export const businessGet = (readMedia: ReadMedia): View<BusinessGet, Data> => ({
  name: 'business.get',
  shapeVersion: 1,
  models: ['Business'],
  specimens: [
    { id: '1', search: undefined },
    { id: '1', search: 'a' },
  ],
  params: (request) => ({ id: pathId(request), search: searchText(request) }),

  async load({ id, search }, query) {
    const [row] = await query(
      statement(
        'business.get.row',
        sql`SELECT ${businessColumns} FROM billing_business b ${where(sql`b.id = ${id}`, given(search, businessSearch))}`,
      ),
    );
    if (row === undefined) return undefined;
    const links = await query(
      statement(
        'business.get.links',
        sql`SELECT count(*) AS customer_count FROM billing_customer_businesses WHERE business_id = ${id}`,
      ),
    );
    const customerCount = number(onlyRow(links), 'customer_count');
    return { row, extras: { customerCount, signature: await signatureOf(row, readMedia) } };
  },

  render: (data) => (data === undefined ? missing('Business') : found(businessShape(data.row, data.extras))),
  finish: fillLinks,
});
