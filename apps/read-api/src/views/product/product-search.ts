import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { contains } from '../../search.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { typedText, TOO_SHORT } from '../customer/typed-text.js';
import { found } from '../shapes/answer.js';
import { given, where } from '../shapes/conditions.js';
import { productColumns, productShape } from './product.js';

type ProductSearch = { readonly product_name?: string | undefined };

export const productNameSearch: View<ProductSearch, readonly SourceRow[]> = {
  name: 'product.search',
  shapeVersion: 1,
  models: ['Product'],
  specimens: [{}, { product_name: 'go' }],
  params: (request) => ({ product_name: typedText(request, 'product_name') }),

  async load({ product_name }, query) {
    if (product_name === TOO_SHORT) return [];
    const named = where(given(product_name, (name) => sql`UPPER(p.name) LIKE UPPER(${contains(name)})`));
    return query(
      statement(
        'product.search.rows',
        sql`SELECT ${productColumns} FROM billing_product p ${named} ORDER BY p.name, p.id LIMIT 20`,
      ),
    );
  },

  render: (rows) => found(rows.map(productShape)),
};
