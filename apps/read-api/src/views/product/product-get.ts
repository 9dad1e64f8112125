import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { pathId, searchText } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { found, missing } from '../shapes/answer.js';
import { given, where } from '../shapes/conditions.js';
import { productColumns, productSearch, productShape } from './product.js';

type ProductGet = { readonly id: string; readonly search?: string | undefined };

export const productGet: View<ProductGet, SourceRow | undefined> = {
  name: 'product.get',
  shapeVersion: 1,
  models: ['Product'],
  specimens: [{ id: '1' }, { id: '1', search: 'a' }],
  params: (request) => ({ id: pathId(request), search: searchText(request) }),

  async load({ id, search }, query) {
    const [row] = await query(
      statement(
        'product.get.row',
        sql`SELECT ${productColumns} FROM billing_product p ${where(sql`p.id = ${id}`, given(search, productSearch))}`,
      ),
    );
    return row;
  },

  render: (row) => (row === undefined ? missing('Product') : found(productShape(row))),
};
