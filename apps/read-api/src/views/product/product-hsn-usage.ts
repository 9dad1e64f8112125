import { type SourceRow } from '@freshet/cache-engine';
import sql from 'sql-template-tag';
import { pathId, searchText } from '../../parameters.js';
import { statement } from '../../statement.js';
import { type View } from '../../view.js';
import { namedInvoices } from '../report/named-invoices.js';
import { found, missing } from '../shapes/answer.js';
import { number, text } from '../shapes/columns.js';
import { given, where } from '../shapes/conditions.js';
import { productSearch } from './product.js';

type ProductHsnUsage = { readonly id: string; readonly search?: string | undefined };
type Data = { readonly product: SourceRow; readonly variants: readonly SourceRow[] } | undefined;

/** Which HSN codes a product was billed under, in sales and purchases alike. */
export const productHsnUsage: View<ProductHsnUsage, Data> = {
  name: 'product.hsn_usage',
  shapeVersion: 1,
  models: ['Product', 'LineItem', 'Invoice'],
  specimens: [{ id: '1' }, { id: '1', search: 'a' }],
  params: (request) => ({ id: pathId(request), search: searchText(request) }),

  async load({ id, search }, query) {
    const [product] = await query(
      statement(
        'product.hsn_usage.product',
        sql`SELECT p.name, p.hsn_code FROM billing_product p ${where(sql`p.id = ${id}`, given(search, productSearch))}`,
      ),
    );
    if (product === undefined) return undefined;
    const name = text(product, 'name');
    const invoices = await namedInvoices(
      'product.hsn_usage.invoices',
      sql`SELECT DISTINCT l.invoice_id AS id FROM billing_lineitem l WHERE l.product_name = ${name} ORDER BY l.invoice_id`,
      query,
    );
    const variants = await query(
      statement(
        'product.hsn_usage.variants',
        sql`SELECT l.hsn_code, count(*) AS lines, sum(l.quantity) AS quantity, sum(l.amount) AS amount,
              min(i.invoice_date) AS first_used, max(i.invoice_date) AS last_used
            FROM billing_lineitem l JOIN billing_invoice i ON i.id = l.invoice_id
            ${where(
              sql`l.product_name = ${name}`,
              given(invoices, (ids) => sql`i.id = ANY(${ids})`),
            )}
            GROUP BY l.hsn_code ORDER BY lines DESC, l.hsn_code`,
      ),
    );
    return { product, variants };
  },

  render(data) {
    if (data === undefined) return missing('Product');
    const catalogHsn = text(data.product, 'hsn_code').trim();
    return found({
      catalog_hsn: catalogHsn,
      variants: data.variants.map((row) => ({
        hsn_code: text(row, 'hsn_code'),
        lines: number(row, 'lines'),
        quantity: number(row, 'quantity'),
        amount: number(row, 'amount'),
        first_used: text(row, 'first_used'),
        last_used: text(row, 'last_used'),
        matches_catalog: text(row, 'hsn_code').trim() === catalogHsn,
      })),
    });
  },
};
